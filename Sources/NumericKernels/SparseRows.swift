/// The entries of a matrix that were pruned, in compressed sparse rows.
public struct SparseRows: Sendable {
  /// Row i holds entries rowStarts[i] ..< rowStarts[i + 1].
  public private(set) var rowStarts: [Int] = [0]
  /// The column of each entry, increasing within a row.
  public private(set) var columns: [UInt32] = []
  /// The value of each entry.
  public private(set) var values: [Float] = []

  /// No rows; memory grows with the largest set taken.
  public init() {}

  /// Takes the entries of a row-major matrix at the given places, reusing the memory held.
  ///
  /// - Parameters:
  ///   - places: indices into `weights`, increasing.
  ///   - weights: rows × `columns`, row-major.
  ///   - width: the matrix's number of columns.
  public mutating func take(_ places: [UInt32], from weights: Span<Float>, columns width: Int) {
    rowStarts.removeAll(keepingCapacity: true)
    columns.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    rowStarts.append(0)
    var rowStart = 0
    for place in places {
      while Int(place) - rowStart >= width {
        rowStarts.append(values.count)
        rowStart += width
      }
      columns.append(UInt32(Int(place) - rowStart))
      values.append(weights[Int(place)])
    }
    while rowStart < weights.count {
      rowStarts.append(values.count)
      rowStart += width
    }
  }

  /// sum += self · batch: each entry of the sum continues its chain of fused multiply-adds with the
  /// row's entries in increasing order of columns.
  ///
  /// - Parameters:
  ///   - batch: columns × v vectors of 16 inputs, row-major.
  ///   - vectors: v.
  ///   - sum: rows × v vectors, row-major.
  public func addProduct(
    with batch: Span<Lanes>, vectors: Int, to sum: inout MutableSpan<Lanes>
  ) {
    precondition(sum.count == (rowStarts.count - 1) * vectors, "the sum is not rows × vectors")
    precondition(columns.allSatisfy { (Int($0) + 1) * vectors <= batch.count })
    batch.withUnsafeBufferPointer { batch in
      sum.withUnsafeMutableBufferPointer { sum in
        guard let b = batch.baseAddress, let s = sum.baseAddress else { return }
        for row in 0..<rowStarts.count - 1 where rowStarts[row] < rowStarts[row + 1] {
          addRow(rowStarts[row]..<rowStarts[row + 1], b, vectors, s + row * vectors)
        }
      }
    }
  }

  @inline(__always)
  private func addRow(
    _ entries: Range<Int>, _ batch: UnsafePointer<Lanes>, _ vectors: Int,
    _ sum: UnsafeMutablePointer<Lanes>
  ) {
    var vector = 0
    while vector + 4 <= vectors {
      var (a0, a1, a2, a3) = (sum[vector], sum[vector + 1], sum[vector + 2], sum[vector + 3])
      for entry in entries {
        let x = batch + (Int(columns[entry]) &* vectors &+ vector)
        let s = Lanes(repeating: values[entry])
        a0.addProduct(s, x[0])
        a1.addProduct(s, x[1])
        a2.addProduct(s, x[2])
        a3.addProduct(s, x[3])
      }
      (sum[vector], sum[vector + 1], sum[vector + 2], sum[vector + 3]) = (a0, a1, a2, a3)
      vector += 4
    }
    while vector < vectors {
      var a = sum[vector]
      for entry in entries {
        a.addProduct(
          Lanes(repeating: values[entry]), batch[Int(columns[entry]) &* vectors &+ vector])
      }
      sum[vector] = a
      vector += 1
    }
  }
}
