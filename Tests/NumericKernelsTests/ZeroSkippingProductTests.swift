import NumericKernels
import Testing

@Suite struct ZeroSkippingProductTests {
  /// Numbers of which about half are 0, of both signs; every third input is 0 altogether.
  static func rectified(rows: Int, vectors: Int, seed: UInt32) -> [Lanes] {
    let signs = MatrixProductTests.batch(rows: rows, vectors: vectors, seed: seed &+ 100)
    return zip(MatrixProductTests.batch(rows: rows, vectors: vectors, seed: seed), signs).map {
      var values = $0 * 0.5
      for lane in 0..<16 where $1[lane] < 0 || lane % 3 == 2 { values[lane] = -0.0 * $0[lane] }
      return values
    }
  }

  /// Bits, with one zero instead of two: `MatrixProduct` adds zeros, which may turn −0 into 0.
  static func bits(_ lanes: some Sequence<Lanes>) -> [SIMD16<UInt32>] {
    lanes.map { unsafeBitCast($0 + 0, to: SIMD16<UInt32>.self) }
  }

  @Test(
    "One batch, two batches: the bits of the scalar chain",
    arguments: [1, 5, 31, 33, 48, 63, 64, 65, 97, 130])
  func equalsNaive(rows: Int) {
    var skipping = ZeroSkippingProduct()
    // Larger shapes first, so that what they leave in the memory must not be seen by the smaller.
    for (columns, vectors) in [(150, 5), (130, 4), (97, 9), (64, 1), (33, 2), (5, 3), (1, 1)] {
      let weights = MatrixProductTests.numbers(rows * columns, seed: 1)
      let first = Self.rectified(rows: columns, vectors: vectors, seed: 2)
      // Not 0 at some places where the first is.
      let second = zip(first, Self.rectified(rows: columns, vectors: vectors, seed: 3)).map {
        ($0 * 0.25).replacing(with: $1, where: $1 .> 0.4)
      }
      let expected = Self.bits(MatrixProductTests.naive(weights, rows, columns, first))
      var product = Batch.notANumber(count: rows * vectors)
      skipping.multiply(
        weights: weights, rows: rows, columns: columns, batch: Batch(first), vectors: vectors,
        into: &product)
      #expect(Self.bits(product.prefix(product.count)) == expected)

      product = Batch.notANumber(count: rows * vectors)
      var other = Batch.notANumber(count: rows * vectors)
      skipping.multiply(
        weights: weights, rows: rows, columns: columns, batches: Batch(first), Batch(second),
        vectors: vectors, into: &product, &other)
      #expect(Self.bits(product.prefix(product.count)) == expected)
      #expect(
        Self.bits(other.prefix(other.count))
          == Self.bits(MatrixProductTests.naive(weights, rows, columns, second)))
    }
  }

  @Test func equalsNaiveWhenLarge() {
    let weights = MatrixProductTests.numbers(1_000_000, seed: 1)
    let batch = Self.rectified(rows: 1000, vectors: 1, seed: 2)
    var product = Batch.notANumber(count: 1000)
    var skipping = ZeroSkippingProduct()
    skipping.multiply(
      weights: weights, rows: 1000, columns: 1000, batch: Batch(batch), vectors: 1, into: &product)
    #expect(
      Self.bits(product.prefix(1000))
        == Self.bits(MatrixProductTests.naive(weights, 1000, 1000, batch)))
  }

  /// What is not finite must not be taken for a zero: a run refuses it later.
  @Test func keepsWhatIsNotFinite() {
    var skipping = ZeroSkippingProduct()
    var product = Batch(count: 1)
    for value in [Float.nan, .infinity] {
      skipping.multiply(
        weights: [2], rows: 1, columns: 1, batch: Batch([Lanes(repeating: value)]), vectors: 1,
        into: &product)
      #expect(product[0][7].isFinite == false)
    }
  }
}
