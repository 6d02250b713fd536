import NumericKernels
import Testing

@Suite struct SparseRowsTests {
  @Test("Continues the scalar chains", arguments: [(1, 1), (5, 7), (7, 5), (33, 31), (97, 64)])
  func equalsNaive(rows: Int, columns: Int) {
    let weights = MatrixProductTests.numbers(rows * columns, seed: 3)
    for vectors in [1, 3, 4, 6] {
      let batch = MatrixProductTests.batch(rows: columns, vectors: vectors, seed: 4)
      let start = MatrixProductTests.batch(rows: rows, vectors: vectors, seed: 5)
      for step in [1, 3, rows * columns, rows * columns + 1] {
        let places = stride(from: step - 1, to: rows * columns, by: step).map(UInt32.init)
        var sparse = SparseRows()
        sparse.take(places, from: weights.span, columns: columns)
        #expect(sparse.rowStarts.count == rows + 1)
        var sum = start
        var span = sum.mutableSpan
        sparse.addProduct(with: batch.span, vectors: vectors, to: &span)
        var expected = start
        for place in places.map(Int.init) {
          let (row, column) = (place / columns, place % columns)
          for vector in 0..<vectors {
            for lane in 0..<16 {
              expected[row * vectors + vector][lane].addProduct(
                weights[place], batch[column * vectors + vector][lane])
            }
          }
        }
        #expect(sum == expected)
      }
    }
  }

  @Test func nothingPruned() {
    var sparse = SparseRows()
    sparse.take([], from: [1, 2, 3, 4, 5, 6].span, columns: 3)
    #expect(sparse.rowStarts == [0, 0, 0])
    #expect(sparse.values.isEmpty)
  }
}
