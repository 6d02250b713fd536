import NumericKernels
import Testing

extension Batch {
  /// Of what a product must overwrite.
  static func notANumber(count: Int) -> Batch {
    Batch(repeatElement(Lanes(repeating: .nan), count: count))
  }
}

@Suite struct MatrixProductTests {
  /// A cheap reproducible sequence; the tests need variety, not randomness.
  static func numbers(_ count: Int, seed: UInt32) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(Int32(bitPattern: state)) * 0x1p-31
    }
  }

  static func batch(rows: Int, vectors: Int, seed: UInt32) -> [Lanes] {
    let values = numbers(rows * vectors * 16, seed: seed)
    return (0..<rows * vectors).map { v in Lanes((0..<16).map { values[v * 16 + $0] }) }
  }

  static func product(
    _ weights: [Float], _ rows: Int, _ columns: Int, _ batch: [Lanes]
  ) -> [Lanes] {
    var result = Batch.notANumber(count: rows * batch.count / columns)
    MatrixProduct.multiply(
      weights: weights, rows: rows, columns: columns, batch: Batch(batch),
      vectors: batch.count / columns, into: &result)
    return result.prefix(result.count)
  }

  /// The definition: one scalar chain of fused multiply-adds for every entry.
  static func naive(_ weights: [Float], _ rows: Int, _ columns: Int, _ batch: [Lanes]) -> [Lanes] {
    let vectors = batch.count / columns
    var result = [Lanes](repeating: .zero, count: rows * vectors)
    for row in 0..<rows {
      for vector in 0..<vectors {
        for lane in 0..<16 {
          var sum: Float = 0
          for column in 0..<columns {
            sum.addProduct(weights[row * columns + column], batch[column * vectors + vector][lane])
          }
          result[row * vectors + vector][lane] = sum
        }
      }
    }
    return result
  }

  @Test(
    "The tiled product has the bits of the scalar chain", arguments: [1, 2, 5, 7, 8, 9, 31, 33, 97])
  func equalsNaive(rows: Int) {
    for columns in [1, 2, 16, 33, 101] {
      for vectors in 1...7 {
        let weights = Self.numbers(rows * columns, seed: 1)
        let batch = Self.batch(rows: columns, vectors: vectors, seed: 2)
        #expect(
          Self.product(weights, rows, columns, batch) == Self.naive(weights, rows, columns, batch))
      }
    }
  }

  @Test func equalsNaiveWhenLarge() {
    let weights = Self.numbers(1_000_000, seed: 1)
    let batch = Self.batch(rows: 1000, vectors: 1, seed: 2)
    #expect(Self.product(weights, 1000, 1000, batch) == Self.naive(weights, 1000, 1000, batch))
  }

  @Test("The transposed product too", arguments: [1, 5, 7, 8, 9, 31, 97])
  func transposedEqualsNaive(rows: Int) {
    for columns in [1, 2, 8, 11, 16, 33] {
      let weights = Self.numbers(rows * columns, seed: 1)
      let transposed = (0..<rows * columns).map { weights[$0 % rows * columns + $0 / rows] }
      for vectors in 1...5 {
        let batch = Self.batch(rows: rows, vectors: vectors, seed: 2)
        var result = Batch.notANumber(count: columns * vectors)
        MatrixProduct.multiplyTransposed(
          weights: weights, rows: rows, columns: columns, batch: Batch(batch), vectors: vectors,
          into: &result)
        #expect(result.prefix(result.count) == Self.naive(transposed, columns, rows, batch))
      }
    }
  }

  /// Both rates come from the same moments of the same thread, and the best of many short rounds is
  /// what each can do when nothing disturbs it.
  @Test("At least 40% of the multiply-add peak on one core", arguments: [256, 1024])
  func shareOfPeak(width: Int) {
    let weights = Self.numbers(width * width, seed: 1)
    let batch = Batch(Self.batch(rows: width, vectors: 4, seed: 2))
    var result = Batch(count: width * 4)
    let repeats = max(1, 4_000_000 / (width * width))
    let clock = ContinuousClock()
    var (peak, rate) = (0.0, 0.0)
    for _ in 0..<40 {
      peak = max(peak, MultiplyAddPeak.measure())
      let time = clock.measure {
        for _ in 0..<repeats {
          MatrixProduct.multiply(
            weights: weights, rows: width, columns: width, batch: batch, vectors: 4,
            into: &result)
        }
      }
      rate = max(rate, 2 * Double(repeats * width * width * 64) / (time / .seconds(1)))
    }
    let share = rate / peak
    print("width \(width): \(rate / 1e9) of \(peak / 1e9) GFLOP/s, share \(share)")
    #expect(share > 0.4)
  }
}
