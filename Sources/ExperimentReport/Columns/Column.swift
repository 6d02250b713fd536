/// A column of a table: its name and how a row's field is made.
public struct Column<Row>: Sendable {
  /// The name in the header.
  public let name: String
  /// Appends the field of a row to a line, as CSV has it; nothing where there is no value.
  let append: @Sendable (Row, inout String) -> Void

  /// A column of texts.
  public init(_ name: String, text field: @escaping @Sendable (Row) -> String) {
    self.name = name
    append = { CSV.append(field($0), to: &$1) }
  }

  /// A column of reals: the shortest text that reads back the same, never `nan` or `inf`.
  public init(_ name: String, real value: @escaping @Sendable (Row) -> Double?) {
    self.name = name
    append = { row, line in
      if let value = value(row), value.isFinite { line += value.description }
    }
  }

  /// A column of integers.
  public init(_ name: String, count value: @escaping @Sendable (Row) -> Int?) {
    self.name = name
    append = { row, line in if let value = value(row) { line += value.description } }
  }
}

extension Array {
  /// The header line.
  public func header<Row>() -> String where Element == Column<Row> { CSV.line(map(\.name)) }

  /// The line of a row.
  public func line<Row>(_ row: Row) -> String where Element == Column<Row> {
    var line = ""
    append(row, to: &line)
    return line + "\n"
  }

  /// Appends the fields of a row, without an end of the line.
  func append<Row>(_ row: Row, to line: inout String) where Element == Column<Row> {
    var isFirst = true
    for column in self {
      if !isFirst { line += "," }
      isFirst = false
      column.append(row, &line)
    }
  }
}
