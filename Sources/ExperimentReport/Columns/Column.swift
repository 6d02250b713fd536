/// A column of a table: its name and how a row's field is made.
public struct Column<Row>: Sendable {
  /// The name in the header.
  public let name: String
  /// The field of a row; empty where there is no value.
  public let field: @Sendable (Row) -> String

  /// A column of texts.
  public init(_ name: String, text field: @escaping @Sendable (Row) -> String) {
    self.name = name
    self.field = field
  }

  /// A column of reals: the shortest text that reads back the same, never `nan` or `inf`.
  public init(_ name: String, real value: @escaping @Sendable (Row) -> Double?) {
    self.init(
      name,
      text: { row in
        guard let value = value(row), value.isFinite else { return "" }
        return value.description
      })
  }

  /// A column of integers.
  public init(_ name: String, count value: @escaping @Sendable (Row) -> Int?) {
    self.init(name, text: { value($0)?.description ?? "" })
  }
}

extension Array {
  /// The header line.
  public func header<Row>() -> String where Element == Column<Row> { CSV.line(map(\.name)) }

  /// The line of a row.
  public func line<Row>(_ row: Row) -> String where Element == Column<Row> {
    CSV.line(map { $0.field(row) })
  }
}
