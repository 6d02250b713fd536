import NumericKernels
import Testing

@Suite struct RowNormsTests {
  /// Entries are within half a unit of their last place and the 0.0001 that the factor's second part leaves.
  @Test(arguments: [1, 5, 15, 16, 17, 31, 33, 64, 97, 1000])
  func normalises(dimension: Int) {
    var points = MatrixProductTests.numbers(7 * dimension, seed: 6)
    for index in 3 * dimension..<4 * dimension { points[index] = 0 }
    let before = points
    RowNorms.normalise(&points, dimension: dimension)
    for row in 0..<7 {
      let entries = before[row * dimension..<(row + 1) * dimension].map(Double.init)
      let square = entries.reduce(0) { $0 + $1 * $1 }
      let factor = square > 0 ? 1 / square.squareRoot() : 0
      for column in 0..<dimension {
        let (x, exact) = (points[row * dimension + column], entries[column] * factor)
        #expect(abs(Double(x) - exact) <= 0.5001 * Double(x.ulp))
      }
    }
  }

  @Test func zerosAndTheEndsOfTheRange() {
    var points: [Float] = [0, 0, 0, .leastNonzeroMagnitude, 0, 0, 0, 3e38, 0]
    RowNorms.normalise(&points, dimension: 3)
    #expect(points == [0, 0, 0, 1, 0, 0, 0, 1, 0])
  }
}
