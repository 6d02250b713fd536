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
}
