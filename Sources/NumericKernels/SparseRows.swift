/// The entries of a matrix that were pruned, in compressed sparse rows.
public struct SparseRows: Sendable {
  /// Row i holds entries rowStarts[i] ..< rowStarts[i + 1].
  public private(set) var rowStarts: [Int] = [0]
  /// The column of each entry, increasing within a row.
  public private(set) var columns: [UInt32] = []
  /// The value of each entry.
  public private(set) var values: [Float] = []
  /// The matrix's number of columns.
  public private(set) var width = 0

  /// No rows; memory grows with the largest set taken.
  public init() {}

  /// Moves the entries of a row-major matrix at the given places here, reusing the memory held.
  ///
  /// - Parameters:
  ///   - places: indices into `weights`, increasing.
  ///   - weights: loses these entries (they become 0); rows × columns, row-major; it may be longer than that.
  ///   - height: the matrix's number of rows.
  ///   - width: the matrix's number of columns.
  public mutating func take(
    _ places: [UInt32], outOf weights: inout [Float], rows height: Int, columns width: Int
  ) {
    precondition(weights.count >= height * width, "weights are not rows × columns")
    precondition((places.last ?? 0) < max(1, height * width), "a place is outside the matrix")
    self.width = width
    columns.resize(to: places.count, filledWith: 0)
    values.resize(to: places.count, filledWith: 0)
    rowStarts.resize(to: height + 1, filledWith: 0)
    for row in rowStarts.indices { rowStarts[row] = 0 }
    Self.move(places, FixedDivisor(width), &weights, &rowStarts, &columns, &values)
    for row in 0..<height { rowStarts[row + 1] = max(rowStarts[row + 1], rowStarts[row]) }
  }

  private static func move(
    _ places: [UInt32], _ divisor: FixedDivisor, _ weights: inout [Float],
    _ starts: inout [Int], _ columns: inout [UInt32], _ values: inout [Float]
  ) {
    var weights = weights.mutableSpan
    var starts = starts.mutableSpan
    var columns = columns.mutableSpan
    var values = values.mutableSpan
    for entry in places.indices {
      let place = Int(places[entry])
      let (row, column) = divisor.divide(place)
      // The last entry of a row leaves its end there.
      starts[row &+ 1] = entry &+ 1
      columns[entry] = UInt32(truncatingIfNeeded: column)
      values[entry] = weights[place]
      weights[place] = 0
    }
  }

  /// product = self · batch: each entry is the chain of fused multiply-adds over the row's entries
  /// in increasing order of columns, started at 0.
  ///
  /// - Parameters:
  ///   - batch: columns × v vectors of 16 inputs, row-major.
  ///   - vectors: v.
  ///   - product: rows × v vectors, row-major, overwritten; it may be longer than that.
  public func multiply(
    _ batch: borrowing Batch, vectors: Int, into product: inout Batch
  ) {
    precondition(product.count >= (rowStarts.count - 1) * vectors, "no rows × vectors")
    precondition(batch.count >= width * vectors, "the batch is not columns × vectors")
    multiply(batch.base, vectors, into: product.base, step: vectors)
  }

  /// Some rows of the product.
  ///
  /// - Parameters:
  ///   - first: the first of them; they are as many as a panel has, up to the last.
  ///   - batch: columns × v vectors of 16 inputs, row-major.
  ///   - vectors: v.
  ///   - product: rows × v vectors, row-major, of which these are overwritten; it may be longer than that.
  public func multiply(
    panelFrom first: Int, _ batch: borrowing Batch, vectors: Int, into product: inout Batch
  ) {
    let end = min(first + WeightPanel.height, rowStarts.count - 1)
    precondition(first <= end && product.count >= end * vectors, "no rows × vectors")
    precondition(batch.count >= width * vectors, "the batch is not columns × vectors")
    multiply(first..<end, batch.base, vectors, into: product.base, step: vectors)
  }

  /// The product with rows `step` apart.
  func multiply(
    _ batch: UnsafePointer<Lanes>, _ vectors: Int, into product: UnsafeMutablePointer<Lanes>,
    step: Int
  ) {
    multiply(0..<rowStarts.count - 1, batch, vectors, into: product, step: step)
  }

  private func multiply(
    _ rows: Range<Int>, _ batch: UnsafePointer<Lanes>, _ vectors: Int,
    into product: UnsafeMutablePointer<Lanes>, step: Int
  ) {
    columns.withUnsafeBufferPointer { columns in
      values.withUnsafeBufferPointer { values in
        rowStarts.withUnsafeBufferPointer { starts in
          for row in rows {
            Self.multiplyRow(
              columns, values, starts[row]..<starts[row &+ 1], batch, vectors,
              product + row &* step)
          }
        }
      }
    }
  }

  /// sum += selfᵀ · batch, entry by entry.
  ///
  /// - Parameters:
  ///   - batch: rows × v vectors of 16 inputs, row-major.
  ///   - vectors: v.
  ///   - sum: columns × v vectors, row-major; it may be longer than that.
  public func addTransposedProduct(with batch: borrowing Batch, vectors: Int, to sum: inout Batch) {
    guard !values.isEmpty else { return }
    precondition(batch.count >= (rowStarts.count - 1) * vectors, "the batch is not rows × vectors")
    precondition(sum.count >= width * vectors, "the sum is not columns × vectors")
    batch.withUnsafeBufferPointer { batch in
      sum.withUnsafeMutableBufferPointer { sum in
        guard let b = batch.baseAddress, let s = sum.baseAddress else { return }
        addTransposedProduct(with: b, step: vectors, vectors, to: s)
      }
    }
  }

  /// The sum with rows of the batch `step` apart.
  func addTransposedProduct(
    with batch: UnsafePointer<Lanes>, step: Int, _ vectors: Int,
    to sum: UnsafeMutablePointer<Lanes>
  ) {
    for row in 0..<rowStarts.count - 1 {
      let x = batch + row * step
      for entry in rowStarts[row]..<rowStarts[row + 1] {
        let value = Lanes(repeating: values[entry])
        let y = sum + Int(columns[entry]) * vectors
        for vector in 0..<vectors { y[vector].addProduct(value, x[vector]) }
      }
    }
  }

  @inline(__always)
  private static func multiplyRow(
    _ columns: UnsafeBufferPointer<UInt32>, _ values: UnsafeBufferPointer<Float>,
    _ entries: Range<Int>, _ batch: UnsafePointer<Lanes>, _ vectors: Int,
    _ product: UnsafeMutablePointer<Lanes>
  ) {
    var vector = 0
    while vector + 4 <= vectors {
      var (a0, a1, a2, a3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
      // Two at a time, the last of an odd number with 0 times itself: the fewer turns a loop of an
      // unpredictable number of them takes, the better.
      var entry = entries.lowerBound
      while entry < entries.upperBound {
        let last = entries.upperBound &- 1
        let second = min(entry &+ 1, last)
        let x = batch + (Int(columns[entry]) &* vectors &+ vector)
        let y = batch + (Int(columns[second]) &* vectors &+ vector)
        let s = Lanes(repeating: values[entry])
        let t = Lanes(repeating: entry < last ? values[second] : 0)
        a0.addProduct(s, x[0])
        a1.addProduct(s, x[1])
        a2.addProduct(s, x[2])
        a3.addProduct(s, x[3])
        a0.addProduct(t, y[0])
        a1.addProduct(t, y[1])
        a2.addProduct(t, y[2])
        a3.addProduct(t, y[3])
        entry &+= 2
      }
      product[vector] = a0
      product[vector + 1] = a1
      product[vector + 2] = a2
      product[vector + 3] = a3
      vector += 4
    }
    while vector < vectors {
      var a = Lanes.zero
      for entry in entries {
        a.addProduct(
          Lanes(repeating: values[entry]), batch[Int(columns[entry]) &* vectors &+ vector])
      }
      product[vector] = a
      vector += 1
    }
  }
}
