import NumericKernels
import Testing

@Suite struct WeightPanelTests {
  @Test(
    "Pruned panel by panel, weights and products are those of the whole",
    arguments: [(64, 4), (64, 64), (128, 31), (192, 65), (64, 200)])
  func equalsSparseRows(rows: Int, columns: Int) {
    let weights = MatrixProductTests.numbers(rows * columns, seed: 3)
    // The same memory for all, the last of them without entries.
    var panel = WeightPanel()
    var marks = EntryMarks()
    for step in [1, 3, 70, rows * columns, rows * columns + 1] {
      let places = stride(from: step - 1, to: rows * columns, by: step).map(UInt32.init)
      marks.set(places, of: rows * columns)
      var (sparse, rest) = (SparseRows(), weights)
      sparse.take(places, outOf: &rest, rows: rows, columns: columns)
      for vectors in [1, 4, 6] {
        let batch = Batch(MatrixProductTests.batch(rows: columns, vectors: vectors, seed: 4))
        var expected = Batch.notANumber(count: rows * vectors)
        var product = Batch.notANumber(count: rows * vectors)
        var fromSparse = Batch.notANumber(count: rows * vectors)
        sparse.multiply(batch, vectors: vectors, into: &expected)
        for first in stride(from: 0, to: rows, by: WeightPanel.height) {
          panel.pack(weights, from: first, rows: rows, columns: columns)
          panel.prune(marks, from: first, times: batch, vectors: vectors, into: &product)
          for row in 0..<64 {
            for column in 0..<columns {
              let kept = rest[(first + row) * columns + column]
              #expect(panel[column, part: row / 16][row % 16] == kept)
            }
          }
          sparse.multiply(panelFrom: first, batch, vectors: vectors, into: &fromSparse)
        }
        #expect(product.prefix(rows * vectors) == expected.prefix(rows * vectors))
        #expect(fromSparse.prefix(rows * vectors) == expected.prefix(rows * vectors))
      }
    }
  }
}
