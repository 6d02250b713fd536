/// A dense matrix in double precision, row-major.
public struct DenseMatrix: Sendable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// rows × columns, row-major.
  public private(set) var entries: [Double]

  /// The zero matrix.
  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    entries = [Double](repeating: 0, count: rows * columns)
  }

  /// A matrix of single-precision entries, exactly.
  ///
  /// - Parameters:
  ///   - rows: the number of rows.
  ///   - columns: the number of columns.
  ///   - entries: rows × columns, row-major; it may be longer than that.
  public init(rows: Int, columns: Int, entries: [Float]) {
    self.rows = rows
    self.columns = columns
    self.entries = entries[..<(rows * columns)].map(Double.init)
  }

  /// Adds entries at places that are 0 so far, exactly.
  public mutating func add(_ sparse: SparseRows) {
    for row in 0..<sparse.rowStarts.count - 1 {
      for entry in sparse.rowStarts[row]..<sparse.rowStarts[row + 1] {
        entries[row * columns + Int(sparse.columns[entry])] += Double(sparse.values[entry])
      }
    }
  }

  subscript(row: Int, column: Int) -> Double {
    get { entries[row * columns + column] }
    set { entries[row * columns + column] = newValue }
  }

  /// The transpose.
  var transposed: DenseMatrix {
    var result = DenseMatrix(rows: columns, columns: rows)
    for row in 0..<rows {
      for column in 0..<columns {
        result.entries[column * rows + row] = entries[row * columns + column]
      }
    }
    return result
  }
}
