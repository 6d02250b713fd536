/// Comma-separated values as RFC 4180 has them, with `\n` at the end of a line.
public enum CSV {
  /// A line: fields joined by commas, quoted where they hold a comma, a quote or a line break.
  public static func line(_ fields: some Sequence<String>) -> String {
    fields.map(quoted).joined(separator: ",") + "\n"
  }

  private static func quoted(_ field: String) -> String {
    guard field.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else {
      return field
    }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
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
