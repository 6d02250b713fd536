/// Text of SVG and HTML: everything that is not markup is escaped.
enum Markup {
  /// A text inside an element or an attribute.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      // No character of XML.
      case "\0"..<"\t", "\u{B}", "\u{C}", "\u{E}"..<" ", "\u{FFFE}", "\u{FFFF}":
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// An element around markup, or an empty one; attributes without a value are left out.
  static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String?>, _ content: String? = nil
  ) -> String {
    let start =
      "<" + name
      + attributes.map { key, value in value.map { " \(key)=\"\(escaped($0))\"" } ?? "" }.joined()
    return content.map { start + ">" + $0 + "</\(name)>" } ?? start + "/>"
  }
}
