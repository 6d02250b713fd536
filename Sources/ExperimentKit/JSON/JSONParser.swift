/// Why a text is not a JSON document.
public struct JSONSyntaxError: Error, Hashable, Sendable {
  /// The line, or the path of a key that appears twice.
  public let place: String
  /// What is wrong and what was expected.
  public let message: String
}

/// Reads JSON (RFC 8259) with `//` and `/* */` comments.
///
/// Foundation's decoders take the first of duplicate keys silently, forget where a number was out
/// of range, and lose the order of keys; a configuration must not be misread quietly, so its text
/// is read here. Nesting is limited, so that no document exhausts the stack.
public struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private var path: [String] = []
  private static let deepest = 64

  /// The document in a text.
  ///
  /// - Parameter bytes: UTF-8.
  /// - Throws: what is wrong, and where.
  public static func parse(_ bytes: some Sequence<UInt8>) throws(JSONSyntaxError) -> JSONValue {
    var parser = JSONParser(bytes: Array(bytes))
    if parser.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
    let value = try parser.value(depth: 0)
    try parser.skipSpace()
    if parser.position < parser.bytes.count {
      throw parser.error("text after the end of the document")
    }
    return value
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func error(_ message: String) -> JSONSyntaxError {
    JSONSyntaxError(place: "line \(line)", message: message)
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func describeNext() -> String {
    guard let next else { return "the end of the file" }
    return (0x21...0x7E).contains(next) ? "'\(Character(UnicodeScalar(next)))'" : "byte \(next)"
  }

  private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    try skipSpace()
    guard depth < Self.deepest else { throw error("nested deeper than \(Self.deepest) levels") }
    switch next {
    case UInt8(ascii: "{"): return .object(try object(depth: depth))
    case UInt8(ascii: "["): return .array(try array(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    case let byte? where "-0123456789".utf8.contains(byte): return .number(try number())
    default:
      for (word, value) in [
        ("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null),
      ]
      where bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw error("expected a value, found \(describeNext())")
    }
  }

  private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONObject {
    var object = JSONObject()
    var keys: Set<String> = []
    position += 1
    try skipSpace()
    if take("}") { return object }
    while true {
      try skipSpace()
      guard next == UInt8(ascii: "\"") else {
        throw error("expected a key, found \(describeNext())")
      }
      let key = try string()
      path.append(key)
      guard keys.insert(key).inserted else {
        throw JSONSyntaxError(
          place: path.joined(separator: "."), message: "appears again on line \(line); remove one")
      }
      try skipSpace()
      guard take(":") else { throw error("expected ':' after \"\(key)\", found \(describeNext())") }
      object[key] = try value(depth: depth + 1)
      path.removeLast()
      try skipSpace()
      if take("}") { return object }
      guard take(",") else { throw error("expected ',' or '}', found \(describeNext())") }
    }
  }

  private mutating func array(depth: Int) throws(JSONSyntaxError) -> [JSONValue] {
    var array: [JSONValue] = []
    position += 1
    try skipSpace()
    if take("]") { return array }
    while true {
      array.append(try value(depth: depth + 1))
      try skipSpace()
      if take("]") { return array }
      guard take(",") else { throw error("expected ',' or ']', found \(describeNext())") }
    }
  }

  private mutating func take(_ character: Character) -> Bool {
    guard next == character.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func number() throws(JSONSyntaxError) -> JSONNumber {
    let start = position
    while let byte = next, "0123456789+-.eE".utf8.contains(byte) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard Self.isNumber(bytes[start..<position]) else { throw error("'\(text)' is not a number") }
    if let natural = UInt64(text) { return .natural(natural) }
    guard let double = Double(text), double.isFinite else { return .outOfRange(text) }
    return JSONNumber(double)
  }

  /// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?, by hand: a regular expression takes longer to build
  /// than a configuration to read.
  private static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
    var rest = text
    func digits() -> Int {
      let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
      rest = rest.dropFirst(count)
      return count
    }
    func take(_ characters: String) -> Bool {
      guard let next = rest.first, characters.utf8.contains(next) else { return false }
      rest = rest.dropFirst()
      return true
    }
    _ = take("-")
    let startsWithZero = rest.first == UInt8(ascii: "0")
    let whole = digits()
    guard whole == 1 || whole > 1 && !startsWithZero else { return false }
    if take("."), digits() == 0 { return false }
    if take("eE") {
      _ = take("+-")
      if digits() == 0 { return false }
    }
    return rest.isEmpty
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    var scalars: [UInt8] = []
    position += 1
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: scalars, as: UTF8.self) else {
          throw error("a string is not valid UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): scalars += Array(String(try escape()).utf8)
      case 0..<0x20: throw error("a string is not closed, or holds a control character")
      default: scalars.append(byte)
      }
    }
    throw error("a string is not closed")
  }

  private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
    guard let byte = next else { throw error("a string is not closed") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code), take("\\"), take("u") {
        let low = try hexadecimal()
        if (0xDC00..<0xE000).contains(low) { code = 0x10000 + (code - 0xD800) << 10 + low - 0xDC00 }
      }
      guard let scalar = Unicode.Scalar(code) else { throw error("half of a surrogate pair") }
      return scalar
    default: throw error("an unknown escape in a string")
    }
  }

  private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt32 {
    let digits = bytes[position...].prefix(4)
    let text = String(decoding: digits, as: UTF8.self)
    guard digits.count == 4, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
      let code = UInt32(text, radix: 16)
    else { throw error("\\u needs four hexadecimal digits") }
    position += 4
    return code
  }

  private mutating func skipSpace() throws(JSONSyntaxError) {
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\n"):
        line += 1
        position += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
      case UInt8(ascii: "/"): try skipComment()
      default: return
      }
    }
  }

  private mutating func skipComment() throws(JSONSyntaxError) {
    let rest = bytes[position...]
    if rest.starts(with: "//".utf8) {
      while let byte = next, byte != UInt8(ascii: "\n") { position += 1 }
    } else if rest.starts(with: "/*".utf8) {
      position += 2
      while !bytes[position...].starts(with: "*/".utf8) {
        guard let byte = next else { throw error("a comment is not closed") }
        if byte == UInt8(ascii: "\n") { line += 1 }
        position += 1
      }
      position += 2
    } else {
      throw error("expected a value or a comment, found '/'")
    }
  }
}
