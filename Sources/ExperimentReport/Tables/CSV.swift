/// Comma-separated values as RFC 4180 has them, with `\n` at the end of a line.
public enum CSV {
  /// A line: fields joined by commas, quoted where they hold a comma, a quote or a line break.
  public static func line(_ fields: some Sequence<String>) -> String {
    var line = ""
    for (place, field) in fields.enumerated() {
      if place > 0 { line += "," }
      append(field, to: &line)
    }
    return line + "\n"
  }

  /// Appends a field.
  static func append(_ field: String, to line: inout String) {
    if field.utf8.contains(where: needsQuotes) {
      line += "\"" + field.replacing("\"", with: "\"\"") + "\""
    } else {
      line += field
    }
  }

  private static func needsQuotes(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
    default: false
    }
  }

  /// The records of a text.
  ///
  /// - Returns: fields by record, or nil if a quote is not closed or stands in the wrong place.
  public static func parse(_ text: String) -> [[String]]? {
    var records: [[String]] = []
    var fields: [String] = []
    var field = ""
    var (isQuoted, wasQuoted) = (false, false)
    var characters = text.unicodeScalars.makeIterator()
    var pending = characters.next()
    func endRecord() {
      fields.append(field)
      records.append(fields)
      (fields, field, wasQuoted) = ([], "", false)
    }
    while let character = pending {
      pending = characters.next()
      switch character {
      case "\"" where isQuoted && pending == "\"":
        field.append("\"")
        pending = characters.next()
      case "\"" where isQuoted: isQuoted = false
      case _ where isQuoted: field.unicodeScalars.append(character)
      case "\"":
        guard field.isEmpty, !wasQuoted else { return nil }
        (isQuoted, wasQuoted) = (true, true)
      case ",":
        fields.append(field)
        (field, wasQuoted) = ("", false)
      case "\r" where pending == "\n": break
      case "\n": endRecord()
      default: field.unicodeScalars.append(character)
      }
    }
    if isQuoted { return nil }
    if !field.isEmpty || !fields.isEmpty { endRecord() }
    return records
  }
}

/// A table read from CSV: records by column name.
public struct CSVTable: Sendable {
  /// The header.
  public let names: [String]
  /// A record's fields by column name.
  public let records: [[String: String]]

  /// - Returns: nil if the text is no table: no header, or a record of another length.
  public init?(_ text: String) {
    guard let rows = CSV.parse(text), let names = rows.first, Set(names).count == names.count,
      rows.allSatisfy({ $0.count == names.count })
    else { return nil }
    self.names = names
    records = rows.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(names, $0)) }
  }
}
