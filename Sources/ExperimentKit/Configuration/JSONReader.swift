/// A value in a document together with its key path, so that whatever is wrong with it can be
/// reported with the path, the value and what would be accepted.
struct JSONReader {
  let value: JSONValue
  let path: String

  /// An error at this value: `got …; expected …`.
  func error(expected: String) -> ConfigurationError {
    error("got \(shown); expected \(expected)")
  }

  /// An error at this value with its own words.
  func error(_ message: String) -> ConfigurationError {
    ConfigurationError(place: path.isEmpty ? "the document" : path, message: message)
  }

  /// The value on one line, shortened.
  private var shown: String {
    let text = value.canonical
    return text.count <= 60 ? text : String(text.prefix(57)) + "..."
  }

  /// The members of an object: every required key is there, and no unknown one.
  func members(
    required: [String], optional: [String] = []
  ) throws(ConfigurationError) -> [String: JSONReader] {
    guard case .object(let object) = value else { throw error(expected: "an object") }
    let known = required + optional
    var readers: [String: JSONReader] = [:]
    for member in object.members {
      let reader = JSONReader(value: member.value, path: Self.join(path, member.key))
      guard known.contains(member.key) else {
        let near = Nearest.suggestion(for: member.key, among: known)
        let hint = near.isEmpty ? "known here: \(known.joined(separator: ", "))" : near
        throw reader.error("unknown key; \(hint)")
      }
      readers[member.key] = reader
    }
    for key in required where readers[key] == nil {
      throw ConfigurationError(place: Self.join(path, key), message: "is missing and required")
    }
    return readers
  }

  static func join(_ path: String, _ key: String) -> String {
    path.isEmpty ? key : path + "." + key
  }

  func string() throws(ConfigurationError) -> String {
    guard case .string(let string) = value else { throw error(expected: "a string") }
    return string
  }

  /// One of the names of a choice.
  func choice<Choice>(_ choices: [(String, Choice)]) throws(ConfigurationError) -> Choice {
    let names = choices.map { "\"\($0.0)\"" }
    let list = names.count == 1 ? names[0] : "one of " + names.joined(separator: ", ")
    guard case .string(let name) = value else { throw error(expected: list) }
    guard let choice = choices.first(where: { $0.0 == name }) else {
      let near = Nearest.suggestion(for: name, among: choices.map(\.0))
      throw error(expected: list + (near.isEmpty ? "" : " (\(near))"))
    }
    return choice.1
  }

  func integer(in range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
    let expected =
      range.upperBound == .max
      ? "an integer of at least \(range.lowerBound)"
      : "an integer from \(range.lowerBound) to \(range.upperBound)"
    guard case .number(.natural(let natural)) = value, let integer = Int(exactly: natural),
      range.contains(integer)
    else { throw error(expected: expected) }
    return integer
  }

  func natural() throws(ConfigurationError) -> UInt64 {
    guard case .number(.natural(let natural)) = value else {
      throw error(expected: "an integer from 0 to 18446744073709551615")
    }
    return natural
  }

  func real(_ expected: String, _ accepts: (Double) -> Bool) throws(ConfigurationError) -> Double {
    guard case .number(let number) = value, number.double.isFinite, accepts(number.double)
    else {
      throw error(expected: expected)
    }
    return number.double
  }

  /// A number strictly between 0 and 1.
  func openUnit() throws(ConfigurationError) -> Double {
    try real("a number above 0 and below 1") { $0 > 0 && $0 < 1 }
  }

  func elements() throws(ConfigurationError) -> [JSONReader] {
    guard case .array(let values) = value else { throw error(expected: "an array") }
    return values.enumerated().map { JSONReader(value: $1, path: "\(path)[\($0)]") }
  }
}
