import NumericKernels
import Testing

@Suite struct ColumnNormsTests {
  /// Both sums are in double precision; 97 terms lose at most 97 · 2⁻⁵³ = 1.1e-14.
  @Test func equalsNaive() {
    for vectors in 1...3 {
      let batch = MatrixProductTests.batch(rows: 97, vectors: vectors, seed: 6)
      for count in [1, 7, 9, 16 * vectors] {
        var norms = [Double](repeating: .nan, count: count)
        ColumnNorms.euclidean(Batch(batch), rows: 97, vectors: vectors, into: &norms)
        for column in 0..<count {
          var square = 0.0
          for row in 0..<97 {
            let x = Double(batch[row * vectors + column / 16][column % 16])
            square += x * x
          }
          #expect(abs(norms[column] / square.squareRoot() - 1) < 2e-14)
        }
      }
    }
  }

  @Test func doesNotOverflowOrUnderflow() {
    var norms = [0.0, 0.0]
    ColumnNorms.euclidean(Batch([Lanes(repeating: 1e38)]), rows: 1, vectors: 1, into: &norms)
    #expect(norms == [Double(Float(1e38)), Double(Float(1e38))])
    ColumnNorms.euclidean(
      Batch([Lanes(repeating: .leastNonzeroMagnitude)]), rows: 1, vectors: 1, into: &norms)
    #expect(norms == [0x1p-149, 0x1p-149])
  }
}
