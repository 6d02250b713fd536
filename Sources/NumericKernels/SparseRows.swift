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
    columns.resize(to: places.count, filledWith: 0)
    values.resize(to: places.count, filledWith: 0)
    self.width = width
    rowStarts.resize(to: height + 1, filledWith: 0)
    move(places, outOf: &weights)
  }

  private mutating func move(_ places: [UInt32], outOf weights: inout [Float]) {
    let divisor = FixedDivisor(width)
    rowStarts.withUnsafeMutableBufferPointer { starts in
      starts.update(repeating: 0)
      weights.withUnsafeMutableBufferPointer { weights in
        columns.withUnsafeMutableBufferPointer { columns in
          values.withUnsafeMutableBufferPointer { values in
            for entry in 0..<places.count {
              let place = Int(places[entry])
              let (row, column) = divisor.divide(place)
              // The last entry of a row leaves its end there.
              starts[row &+ 1] = entry &+ 1
              columns[entry] = UInt32(truncatingIfNeeded: column)
              values[entry] = weights[place]
              weights[place] = 0
            }
          }
        }
      }
      for row in 1..<starts.count { starts[row] = max(starts[row], starts[row &- 1]) }
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
    batch.withUnsafeBufferPointer { batch in
      product.withUnsafeMutableBufferPointer { product in
        guard let b = batch.baseAddress, let p = product.baseAddress else { return }
        multiply(b, vectors, into: p, step: vectors)
      }
    }
  }

  /// The product with rows `step` apart.
  func multiply(
    _ batch: UnsafePointer<Lanes>, _ vectors: Int, into product: UnsafeMutablePointer<Lanes>,
    step: Int
  ) {
    columns.withUnsafeBufferPointer { columns in
      values.withUnsafeBufferPointer { values in
        rowStarts.withUnsafeBufferPointer { starts in
          for row in 0..<starts.count &- 1 {
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
      for entry in entries {
        let x = batch + (Int(columns[entry]) &* vectors &+ vector)
        let s = Lanes(repeating: values[entry])
        a0.addProduct(s, x[0])
        a1.addProduct(s, x[1])
        a2.addProduct(s, x[2])
        a3.addProduct(s, x[3])
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
