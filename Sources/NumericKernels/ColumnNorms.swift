/// Euclidean norms of the columns of a batch.
public enum ColumnNorms {
  /// The Euclidean norm of each column, summed in double precision over increasing rows.
  ///
  /// - Parameters:
  ///   - batch: rows × v vectors of 16 columns, row-major; it may be longer than that.
  ///   - rows: the number of rows.
  ///   - vectors: v.
  ///   - norms: receives the first `norms.count` columns' norms; at most 16·v.
  public static func euclidean(
    _ batch: borrowing Batch, rows: Int, vectors: Int, into norms: inout [Double]
  ) {
    precondition(norms.count <= vectors * Lanes.width, "more norms than columns")
    for vector in 0..<vectors {
      var low = SIMD8<Double>.zero
      var high = SIMD8<Double>.zero
      for index in stride(from: vector, to: rows * vectors, by: vectors) {
        let x = Elementary.double(batch[index].lowHalf)
        let y = Elementary.double(batch[index].highHalf)
        low.addProduct(x, x)
        high.addProduct(y, y)
      }
      let first = vector * Lanes.width
      for lane in 0..<8 {
        if first + lane < norms.count { norms[first + lane] = low[lane].squareRoot() }
        if first + 8 + lane < norms.count { norms[first + 8 + lane] = high[lane].squareRoot() }
      }
    }
  }

  /// Scales each column to Euclidean norm 1; a column of zeros stays as it is.
  ///
  /// The factor is computed and applied in double precision. Squares of floats are exact there, so that it
  /// makes no difference whether they are fused with the sum.
  ///
  /// - Parameters:
  ///   - batch: rows × v vectors of 16 columns, row-major; it may be longer than that.
  ///   - rows: the number of rows.
  ///   - vectors: v.
  public static func normalise(_ batch: inout Batch, rows: Int, vectors: Int) {
    precondition(batch.count >= rows * vectors, "the batch is not rows × vectors")
    batch.withUnsafeMutableBufferPointer { batch in
      for vector in 0..<vectors {
        var (low, high) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
        for index in stride(from: vector, to: rows &* vectors, by: vectors) {
          let x = Elementary.double(batch[index].lowHalf)
          let y = Elementary.double(batch[index].highHalf)
          low.addProduct(x, x)
          high.addProduct(y, y)
        }
        let (factorLow, factorHigh) = (inverseRoots(low), inverseRoots(high))
        for index in stride(from: vector, to: rows &* vectors, by: vectors) {
          batch[index] = Lanes(
            lowHalf: Elementary.single(Elementary.double(batch[index].lowHalf) * factorLow),
            highHalf: Elementary.single(Elementary.double(batch[index].highHalf) * factorHigh))
        }
      }
    }
  }

  /// 1/√x, and 0 at 0.
  private static func inverseRoots(_ squares: SIMD8<Double>) -> SIMD8<Double> {
    var factors = SIMD8<Double>.zero
    for lane in 0..<8 where squares[lane] > 0 { factors[lane] = 1 / squares[lane].squareRoot() }
    return factors
  }
}
