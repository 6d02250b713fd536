/// 64 rows of a weight matrix, column by column: as `RectifiedPair` reads them.
///
/// A layer's panels are made, multiplied and forgotten one after the other, while they are in the nearer
/// caches.
public struct WeightPanel: ~Copyable, Sendable {
  /// The number of rows.
  public static let height = 64
  /// The vectors of a column.
  static let columnVectors = height / Lanes.width

  @usableFromInline var entries = Batch()
  /// The number of columns.
  public private(set) var columns = 0

  /// Without memory; it grows with the largest panel.
  public init() {}

  /// The memory of a panel.
  public static func bytes(columns: Int) -> Int { columns * columnVectors * 64 }

  /// Begins a new panel, of any entries.
  public mutating func start(columns: Int) {
    entries.reserve(columns * Self.columnVectors)
    self.columns = columns
  }

  /// Rows 16·`part` ..< 16·`part` + 16 of a column.
  @inlinable public subscript(column: Int, part part: Int) -> Lanes {
    @inline(__always) get { entries[column &* 4 &+ part] }
    @inline(__always) set { entries[column &* 4 &+ part] = newValue }
  }

  /// The columns, four vectors each.
  var base: UnsafeMutablePointer<Lanes> { entries.base }

  /// Takes rows of a row-major matrix.
  ///
  /// - Parameters:
  ///   - weights: rows × columns, row-major; it may be longer than that.
  ///   - first: the first row.
  ///   - rows: the matrix's number of rows; rows of the panel beyond the last are 0.
  ///   - columns: the number of columns.
  public mutating func pack(_ weights: [Float], from first: Int, rows: Int, columns: Int) {
    precondition(first < rows && weights.count >= rows * columns, "no such rows")
    start(columns: columns)
    weights.withUnsafeBufferPointer { weights in
      LanesSquare.pack(
        weights.baseAddress! + first * columns, step: columns,
        height: min(Self.height, rows - first), width: columns, into: base)
    }
  }
}

extension LanesSquare {
  /// Writes the transpose of at most 64 rows, filled up with zeros to 64.
  static func pack(
    _ source: UnsafePointer<Float>, step: Int, height: Int, width: Int,
    into target: UnsafeMutablePointer<Lanes>
  ) {
    transpose(
      source, step: step, height: height, width: width, into: target,
      step: WeightPanel.columnVectors)
    for column in 0..<width {
      for vector in Lanes.vectors(holding: height)..<WeightPanel.columnVectors {
        target[column &* WeightPanel.columnVectors &+ vector] = .zero
      }
    }
  }
}
