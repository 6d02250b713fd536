/// 64 rows of a weight matrix, column by column: as `RectifiedPair` reads them.
///
/// A layer's panels are made, multiplied and forgotten one after the other, while they are in the nearer
/// caches.
public struct WeightPanel: ~Copyable, Sendable {
  /// The number of rows.
  public static let height = 64
  /// The vectors of a column.
  static let columnVectors = height / Lanes.width

  private var entries = Batch()
  /// The number of columns.
  public private(set) var columns = 0
  /// While weights are pruned, the bits of row i's that are, ⌈columns/64⌉ words from ⌈columns/64⌉·i on.
  private var marks: [UInt64] = []

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
  public subscript(column: Int, part part: Int) -> Lanes {
    entries[column * Self.columnVectors + part]
  }

  /// Hands out the columns one behind the other, four vectors each.
  public mutating func withUnsafeColumns(_ body: (UnsafeMutablePointer<Lanes>) -> Void) {
    body(base)
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

/// Pruning.
extension WeightPanel {
  /// Multiplies marked weights with a batch, and makes them 0.
  ///
  /// An entry of the product is the chain of fused multiply-adds over the row's marked weights in
  /// increasing order of columns, started at 0.
  ///
  /// - Parameters:
  ///   - all: the marked weights of the row-major matrix.
  ///   - first: the matrix's row that is the panel's first; the matrix has 64 from there on.
  ///   - batch: columns × v vectors of 16 inputs, row-major.
  ///   - vectors: v.
  ///   - product: receives these rows of the product, row-major.
  public mutating func prune(
    _ all: borrowing EntryMarks, from first: Int, times batch: borrowing Batch, vectors: Int,
    into product: inout Batch
  ) {
    precondition(
      all.words.count >= EntryMarks.words((first + Self.height) * columns), "no such rows")
    precondition(batch.count >= columns * vectors, "the batch is not columns × vectors")
    precondition(product.count >= (first + Self.height) * vectors, "no rows × vectors")
    mark(all, from: first)
    let target = product.base + first &* vectors
    var vector = 0
    // The last inputs take the weights with them.
    while vector + 4 <= vectors {
      multiplyFour(batch.base + vector, vectors, vector + 4 == vectors, into: target + vector)
      vector += 4
    }
    while vector < vectors {
      multiplyOne(batch.base + vector, vectors, vector + 1 == vectors, into: target + vector)
      vector += 1
    }
  }

  private mutating func mark(_ all: borrowing EntryMarks, from first: Int) {
    let step = EntryMarks.words(columns)
    marks.resize(to: Self.height * step, filledWith: 0)
    if columns % 64 == 0 {
      // Rows begin with a word.
      for index in marks.indices { marks[index] = all.words[first &* step &+ index] }
      return
    }
    for row in 0..<Self.height {
      for index in 0..<step {
        let column = index &* 64
        marks[row &* step &+ index] = all.bits(
          from: (first &+ row) &* columns &+ column, count: min(64, columns &- column))
      }
    }
  }

  @inline(never)
  private func multiplyFour(
    _ batch: UnsafePointer<Lanes>, _ vectors: Int, _ isLast: Bool,
    into product: UnsafeMutablePointer<Lanes>
  ) {
    for row in 0..<Self.height {
      var (a0, a1, a2, a3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
      forEachMarked(row, isLast) { weight, column in
        let x = batch + column &* vectors
        let s = Lanes(repeating: weight)
        a0.addProduct(s, x[0])
        a1.addProduct(s, x[1])
        a2.addProduct(s, x[2])
        a3.addProduct(s, x[3])
      }
      let p = product + row &* vectors
      (p[0], p[1], p[2], p[3]) = (a0, a1, a2, a3)
    }
  }

  @inline(never)
  private func multiplyOne(
    _ batch: UnsafePointer<Lanes>, _ vectors: Int, _ isLast: Bool,
    into product: UnsafeMutablePointer<Lanes>
  ) {
    for row in 0..<Self.height {
      var sum = Lanes.zero
      forEachMarked(row, isLast) { sum.addProduct(Lanes(repeating: $0), batch[$1 &* vectors]) }
      product[row &* vectors] = sum
    }
  }

  @inline(__always)
  private func forEachMarked(
    _ row: Int, _ isLast: Bool, _ body: (_ weight: Float, _ column: Int) -> Void
  ) {
    let weights = UnsafeMutableRawPointer(base).assumingMemoryBound(to: Float.self) + row
    let step = EntryMarks.words(columns)
    marks.withUnsafeBufferPointer { marks in
      for index in 0..<step {
        var bits = marks[row &* step &+ index]
        while bits != 0 {
          let column = index &* 64 &+ bits.trailingZeroBitCount
          bits &= bits &- 1
          let weight = weights[column &* Self.height]
          if isLast { weights[column &* Self.height] = 0 }
          body(weight, column)
        }
      }
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
