import ExperimentKit

/// The words after a command, checked against the options it knows.
struct Arguments {
  /// The words that are no options.
  private(set) var operands: [String] = []
  private var values: [String: String] = [:]

  /// All words, as they were given.
  let words: [String]
  /// What to say where something is missing.
  private let help: String

  /// - Parameters:
  ///   - words: the words after the command, options as `--name value` or `--name=value`.
  ///   - command: whose options they are.
  init(_ words: [String], of command: Command) throws(CommandError) {
    self.words = words
    help = "see prunebounds help \(command.name)"
    let flags = command.options.filter { $0.value == nil }.map(\.name)
    let valued = command.options.filter { $0.value != nil }.map(\.name)
    var rest = words[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("-") && word != "-" else {
        operands.append(word)
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      let name = parts.first ?? word
      if flags.contains(name) {
        if parts.count > 1 { throw CommandError("\(name) takes no value") }
        try set(name, "")
      } else if valued.contains(name) {
        guard let value = parts.count > 1 ? parts[1] : rest.popFirst() else {
          throw CommandError("\(name) needs a value; \(help)")
        }
        try set(name, value)
      } else {
        let near = Nearest.suggestion(for: name, among: valued + flags)
        throw CommandError(
          "unknown option \(name); " + (near.isEmpty ? help : near))
      }
    }
  }

  private mutating func set(_ name: String, _ value: String) throws(CommandError) {
    guard values.updateValue(value, forKey: name) == nil else {
      throw CommandError("\(name) is given twice")
    }
  }

  /// Whether a flag is given.
  func has(_ flag: String) -> Bool { values[flag] != nil }

  /// The value of an option.
  subscript(_ option: String) -> String? { values[option] }

  /// The value of an option that must be there.
  func required(_ option: String) throws(CommandError) -> String {
    guard let value = values[option] else {
      throw CommandError("\(option) is missing; \(help)")
    }
    return value
  }

  /// The value of an option as an integer in a range.
  func integer(_ option: String, in range: ClosedRange<UInt64>) throws(CommandError) -> UInt64? {
    guard let text = values[option] else { return nil }
    guard let value = UInt64(text), range.contains(value) else {
      throw CommandError(
        "\(option): got \(text); expected an integer from \(range.lowerBound) to \(range.upperBound)"
      )
    }
    return value
  }

  /// The first operand.
  func firstOperand(_ what: String) throws(CommandError) -> String {
    guard let first = operands.first else { throw CommandError("\(what) is missing; \(help)") }
    return first
  }

  /// The only operand.
  func operand(_ what: String) throws(CommandError) -> String {
    let first = try firstOperand(what)
    if operands.count > 1 {
      throw CommandError("one \(what) expected, got also \(operands[1]); \(help)")
    }
    return first
  }
}

extension Arguments {
  /// Refuses operands.
  func noOperands(of command: String) throws(CommandError) {
    if let extra = operands.first { throw CommandError("\(command) takes no \(extra)") }
  }
}
