/// Lines of text in aligned columns.
struct TextTable {
  /// One field of a line.
  struct Field {
    let text: String
    /// Terminal codes around the text, which take no width.
    var style: TerminalStyle?

    init(_ text: String, style: TerminalStyle? = nil) {
      self.text = text
      self.style = style
    }
  }

  /// The fields, line by line.
  private(set) var fields: [[Field]] = []

  mutating func append(_ line: [Field]) { fields.append(line) }

  /// The lines, columns two spaces apart, left-aligned, no space at the end.
  func text(coloured: Bool) -> String {
    let count = fields.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      fields.map { column < $0.count ? $0[column].text.count : 0 }.max() ?? 0
    }
    return fields.map { line in
      var text = ""
      var pending = 0
      for (field, width) in zip(line, widths) {
        text += String(repeating: " ", count: field.text.isEmpty ? 0 : pending)
        if field.text.isEmpty {
          pending += width + 2
        } else {
          pending = width - field.text.count + 2
        }
        text += coloured ? field.style?.wrap(field.text) ?? field.text : field.text
      }
      return text + "\n"
    }.joined()
  }
}

/// A colour or weight on a terminal.
enum TerminalStyle: Int {
  case bold = 1
  case faint = 2
  case red = 31
  case green = 32
  case yellow = 33

  func wrap(_ text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }
}
