import NumericKernels
import Testing

@Suite struct SpectralNormTests {
  /// The exact spectral norm by one-sided Jacobi rotations (Demmel and Veselić: high relative
  /// accuracy, here about 1e-14).
  static func jacobiNorm(_ rows: Int, _ columns: Int, _ entries: [Float]) -> Double {
    var columnVectors = (0..<columns).map { j in
      (0..<rows).map { Double(entries[$0 * columns + j]) }
    }
    for _ in 0..<60 {
      var rotated = false
      for p in 0..<columns {
        for q in p + 1..<max(p + 1, columns) {
          let (x, y) = (columnVectors[p], columnVectors[q])
          let (a, b) = (
            zip(x, x).reduce(0) { $0 + $1.0 * $1.1 }, zip(y, y).reduce(0) { $0 + $1.0 * $1.1 }
          )
          let c = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
          guard abs(c) > 1e-15 * (a * b).squareRoot(), c != 0 else { continue }
          rotated = true
          let ζ = (b - a) / (2 * c)
          let t = (ζ >= 0 ? 1.0 : -1) / (abs(ζ) + (1 + ζ * ζ).squareRoot())
          let cosine = 1 / (1 + t * t).squareRoot()
          columnVectors[p] = zip(x, y).map { cosine * ($0 - t * $1) }
          columnVectors[q] = zip(x, y).map { cosine * (t * $0 + $1) }
        }
      }
      if !rotated { break }
    }
    return columnVectors.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }.max() ?? 0
  }

  static func bound(_ rows: Int, _ columns: Int, _ entries: [Float]) -> Double {
    SpectralNorm.upperBound(DenseMatrix(rows: rows, columns: columns, entries: entries))
  }

  /// The reference is accurate to 1e-13, the bound may not be below it by more.
  func expectBound(_ rows: Int, _ columns: Int, _ entries: [Float], _ note: String) {
    let exact = Self.jacobiNorm(rows, columns, entries)
    let bound = Self.bound(rows, columns, entries)
    #expect(bound >= exact * (1 - 1e-13), "\(note) \(rows)×\(columns): \(bound) below \(exact)")
    #expect(bound <= exact * 1.01, "\(note) \(rows)×\(columns): \(bound) above 1.01·\(exact)")
  }

  @Test("Random matrices of hundreds of shapes") func randomShapes() {
    var count = 0
    for rows in [1, 2, 3, 5, 8, 9, 16, 17, 31, 40] {
      for columns in [1, 2, 3, 7, 8, 10, 15, 24, 33, 40] {
        for seed in 0..<3 as Range<UInt32> {
          let entries = MatrixProductTests.numbers(
            rows * columns, seed: seed &* 977 &+ UInt32(count))
          expectBound(rows, columns, entries, "random")
          count += 1
        }
      }
    }
    #expect(count == 300)
  }

  @Test func specialMatrices() {
    #expect(Self.bound(3, 4, [Float](repeating: 0, count: 12)) == 0)
    for n in [1, 2, 7, 16, 33] {
      var identity = [Float](repeating: 0, count: n * n)
      for index in 0..<n { identity[index * n + index] = 3 }
      expectBound(n, n, identity, "repeated singular values")
      let u = MatrixProductTests.numbers(n, seed: 5)
      let v = MatrixProductTests.numbers(n + 3, seed: 6)
      expectBound(n, n + 3, u.flatMap { x in v.map { x * $0 } }, "rank one")
      expectBound(n, n, [Float](repeating: 1, count: n * n), "all ones")
      let random = MatrixProductTests.numbers(n * n, seed: 8)
      expectBound(n, n, random.map { $0 * 1e-38 }, "tiny")
      expectBound(n, n, random.map { $0 * 1e37 }, "huge")
      let graded = random.enumerated().map { $1 * (($0 / n) % 2 == 0 ? 1e15 : 1e-15) }
      expectBound(n, n, graded, "badly scaled")
      var single = [Float](repeating: 0, count: n * n)
      single[n * n - 1] = -2
      expectBound(n, n, single, "one entry")
    }
    #expect(Self.bound(2, 2, [.infinity, 0, 0, 1]) == .infinity)
    #expect(Self.bound(2, 2, [.nan, 0, 0, 1]) == .infinity)
  }

  /// For a matrix of ±1 with orthogonal rows (Sylvester's construction) all singular values are √n.
  @Test(arguments: [64, 256]) func hadamard(n: Int) {
    let entries = (0..<n * n).map { index -> Float in
      ((index / n) & (index % n)).nonzeroBitCount % 2 == 0 ? 1 : -1
    }
    let bound = Self.bound(n, n, entries)
    #expect(bound >= Double(n).squareRoot() && bound <= 1.01 * Double(n).squareRoot())
  }

  @Test func sparseEntriesAreAddedExactly() {
    let weights = MatrixProductTests.numbers(15 * 8, seed: 3)
    var rest = weights
    var sparse = SparseRows()
    sparse.take([0, 7, 8, 50, 119], outOf: &rest, rows: 15, columns: 8)
    var matrix = DenseMatrix(rows: 15, columns: 8, entries: rest)
    matrix.add(sparse)
    #expect(matrix.entries == weights.map(Double.init))
  }
}
