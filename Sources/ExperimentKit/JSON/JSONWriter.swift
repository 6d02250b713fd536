import Foundation

extension JSONValue {
  /// The canonical text: no space, keys sorted by their bytes, natural numbers of 64 bits and
  /// integers below 2⁵³ as digits (1.0 and 1e0 are 1), other numbers as the shortest text that
  /// reads back the same.
  public var canonical: String { text(indent: nil, sorted: true) }

  /// A text for people: two spaces of indentation, keys in the order written, short arrays on one
  /// line, one newline at the end.
  public var pretty: String { text(indent: 0, sorted: false) + "\n" }

  private func text(indent: Int?, sorted: Bool) -> String {
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .number(let number): return Self.text(of: number)
    case .string(let value): return Self.quoted(value)
    case .array(let values):
      let flat = values.allSatisfy { $0.isScalar }
      let parts = values.map { $0.text(indent: flat ? nil : indent.map { $0 + 1 }, sorted: sorted) }
      if flat { return "[" + parts.joined(separator: indent == nil ? "," : ", ") + "]" }
      return Self.block("[", parts, "]", indent: indent)
    case .object(let object):
      var members = object.members
      if sorted {
        members.sort { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
      }
      let parts = members.map { member in
        Self.quoted(member.key) + (indent == nil ? ":" : ": ")
          + member.value.text(indent: indent.map { $0 + 1 }, sorted: sorted)
      }
      return parts.isEmpty ? "{}" : Self.block("{", parts, "}", indent: indent)
    }
  }

  private static func text(of number: JSONNumber) -> String {
    switch number {
    case .natural(let value): String(value)
    case .real(let value):
      abs(value) < 0x1p53 && value == value.rounded() ? String(Int(value)) : value.description
    case .outOfRange(let text): text
    }
  }

  private var isScalar: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private static func block(
    _ open: String, _ parts: [String], _ close: String, indent: Int?
  ) -> String {
    guard let indent else { return open + parts.joined(separator: ",") + close }
    let inner = "\n" + String(repeating: "  ", count: indent + 1)
    let outer = "\n" + String(repeating: "  ", count: indent)
    return open + inner + parts.joined(separator: "," + inner) + outer + close
  }

  private static func quoted(_ string: String) -> String {
    var text = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\0"..<" ": text += String(format: "\\u%04x", scalar.value)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
