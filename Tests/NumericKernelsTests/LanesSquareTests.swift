import NumericKernels
import Testing

@Suite struct LanesSquareTests {
  @Test("Points become columns", arguments: [1, 5, 16, 31, 33, 97, 1000])
  func equalsNaive(width: Int) {
    for count in [1, 5, 16, 31, 33, 97] {
      let rows = MatrixProductTests.numbers(count * width, seed: 1)
      let vectors = Lanes.vectors(holding: count)
      // One vector more than needed, which must stay as it is.
      var batch = Batch.notANumber(count: width * vectors + 1)
      LanesSquare.transpose(rows, width: width, into: &batch)
      for coordinate in 0..<width {
        for column in 0..<vectors * 16 {
          let expected = column < count ? rows[column * width + coordinate] : 0
          #expect(batch[coordinate * vectors + column / 16][column % 16] == expected)
        }
      }
      #expect(batch[width * vectors][0].isNaN)
    }
  }
}
