import NumericKernels
import Testing

@Suite struct SparseRowsTests {
  @Test(
    "Has the bits of the scalar chains",
    arguments: [(1, 1), (5, 7), (7, 5), (33, 31), (97, 64), (1, 1000), (1000, 1)])
  func equalsNaive(rows: Int, columns: Int) {
    let weights = MatrixProductTests.numbers(rows * columns, seed: 3)
    for vectors in [1, 3, 4, 6] {
      let batch = MatrixProductTests.batch(rows: columns, vectors: vectors, seed: 4)
      for step in [1, 3, rows * columns, rows * columns + 1] {
        let places = stride(from: step - 1, to: rows * columns, by: step).map(UInt32.init)
        var sparse = SparseRows()
        var rest = weights
        sparse.take(places, outOf: &rest, rows: rows, columns: columns)
        for place in weights.indices {
          let taken = places.contains(UInt32(place))
          #expect(rest[place] == (taken ? 0 : weights[place]))
        }
        #expect(sparse.rowStarts.count == rows + 1)
        var product = Batch.notANumber(count: rows * vectors)
        sparse.multiply(Batch(batch), vectors: vectors, into: &product)
        var expected = [Lanes](repeating: .zero, count: rows * vectors)
        for place in places.map(Int.init) {
          let (row, column) = (place / columns, place % columns)
          for vector in 0..<vectors {
            for lane in 0..<16 {
              expected[row * vectors + vector][lane].addProduct(
                weights[place], batch[column * vectors + vector][lane])
            }
          }
        }
        #expect(product.prefix(product.count) == expected)
      }
    }
  }

  @Test(arguments: [(1, 1), (5, 7), (33, 31)])
  func transposed(rows: Int, columns: Int) {
    let weights = MatrixProductTests.numbers(rows * columns, seed: 3)
    for vectors in [1, 4] {
      let batch = MatrixProductTests.batch(rows: rows, vectors: vectors, seed: 4)
      let start = MatrixProductTests.batch(rows: columns, vectors: vectors, seed: 5)
      let places = stride(from: 0, to: rows * columns, by: 3).map(UInt32.init)
      var rest = weights
      var sparse = SparseRows()
      sparse.take(places, outOf: &rest, rows: rows, columns: columns)
      var sum = Batch(start)
      sparse.addTransposedProduct(with: Batch(batch), vectors: vectors, to: &sum)
      var expected = start
      for place in places.map(Int.init) {
        for vector in 0..<vectors {
          let weight = Lanes(repeating: weights[place])
          expected[place % columns * vectors + vector].addProduct(
            weight, batch[place / columns * vectors + vector])
        }
      }
      #expect(sum.prefix(sum.count) == expected)
    }
  }

  @Test func nothingPruned() {
    var sparse = SparseRows()
    var weights: [Float] = [1, 2, 3, 4, 5, 6]
    sparse.take([], outOf: &weights, rows: 2, columns: 3)
    #expect(weights == [1, 2, 3, 4, 5, 6])
    #expect(sparse.rowStarts == [0, 0, 0])
    #expect(sparse.values.isEmpty)
  }
}
