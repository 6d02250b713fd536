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

  @Test(
    "Entries and products panel by panel are those of the whole",
    arguments: [(1, 1), (5, 7), (64, 31), (97, 64), (200, 3)])
  func panels(rows: Int, columns: Int) {
    let weights = MatrixProductTests.numbers(rows * columns, seed: 3)
    let batch = Batch(MatrixProductTests.batch(rows: columns, vectors: 2, seed: 4))
    // The same memory for all, the last of them without entries.
    var sparse = SparseRows()
    var panel = WeightPanel()
    for step in [1, 3, 70, rows * columns, rows * columns + 1] {
      let places = stride(from: step - 1, to: rows * columns, by: step).map(UInt32.init)
      var (whole, rest) = (SparseRows(), weights)
      whole.take(places, outOf: &rest, rows: rows, columns: columns)
      var expected = Batch.notANumber(count: rows * 2)
      var product = Batch.notANumber(count: rows * 2)
      whole.multiply(batch, vectors: 2, into: &expected)
      sparse.start(places, rows: rows, columns: columns)
      for first in stride(from: 0, to: rows, by: WeightPanel.height) {
        panel.pack(weights, from: first, rows: rows, columns: columns)
        sparse.take(places, from: first, outOf: &panel)
        sparse.multiply(panelFrom: first, batch, vectors: 2, into: &product)
        for row in 0..<64 {
          for column in 0..<columns {
            let kept = first + row < rows ? rest[(first + row) * columns + column] : 0
            #expect(panel[column, part: row / 16][row % 16] == kept)
          }
        }
      }
      #expect(sparse.rowStarts == whole.rowStarts && sparse.columns == whole.columns)
      #expect(sparse.values == whole.values)
      #expect(product.prefix(rows * 2) == expected.prefix(rows * 2))
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
