import NumericKernels
import Testing

@Suite struct RectifiedPairTests {
  /// Both networks' values behind a ReLU, row-major.
  struct Rows: Equatable {
    var signal: [Lanes]
    var error: [Lanes]

    /// About half of the signal is 0; every third input is 0 altogether. The error is not 0 at some
    /// places where the signal is, and 0 at some where it is not.
    init(width: Int, vectors: Int, seed: UInt32) {
      let signs = MatrixProductTests.batch(rows: width, vectors: vectors, seed: seed &+ 100)
      signal = zip(MatrixProductTests.batch(rows: width, vectors: vectors, seed: seed), signs).map {
        var values = ($0 * 0.5).replacing(with: 0, where: $1 .< 0)
        for lane in stride(from: 2, to: 16, by: 3) { values[lane] = 0 }
        return values
      }
      let other = MatrixProductTests.batch(rows: width, vectors: vectors, seed: seed &+ 200)
      error = zip(signal, other).map {
        ($0 * 0.25).replacing(with: $1, where: $1 .> 0.4).replacing(with: 0, where: $1 .< -0.4)
      }
    }

    init(signal: [Lanes], error: [Lanes]) { (self.signal, self.error) = (signal, error) }

    /// One ReLU layer by its definition, with numbers of either sign for the pruned part.
    func through(
      _ weights: [Float], rows: Int, part: [Lanes]?, hasError: Bool, isDense: Bool = false
    ) -> Rows {
      let columns = weights.count / rows
      var full =
        hasError || isDense
        ? MatrixProductTests.naive(weights, rows, columns, signal)
        : RectifiedPairTests.inPairs(weights, rows, columns, signal, bits: [signal])
      var difference =
        hasError
        ? MatrixProductTests.naive(weights, rows, columns, error)
        : [Lanes](repeating: .zero, count: full.count)
      if let part {
        full = zip(full, part).map { $0 + $1 }
        difference = zip(difference, part).map { hasError ? $0 + $1 : $1 }
      }
      for index in full.indices {
        for lane in 0..<16 {
          let (x, d) = (full[index][lane], difference[index][lane])
          full[index][lane] = max(x, 0)
          difference[index][lane] = x > 0 && x - d > 0 ? d : max(x, 0) - max(x - d, 0)
        }
      }
      return Rows(signal: full, error: difference)
    }
  }

  /// A product by scalar chains, in the order in which two inputs share the loads of the weights: of each 64
  /// columns first those where both inputs are not 0, then those where only the one is not.
  static func inPairs(
    _ weights: [Float], _ rows: Int, _ columns: Int, _ batch: [Lanes], bits: [[Lanes]]
  ) -> [Lanes] {
    let vectors = batch.count / columns
    var result = [Lanes](repeating: .zero, count: rows * vectors)
    for input in 0..<16 * vectors {
      func isNonzero(_ column: Int, _ input: Int) -> Bool {
        bits.contains { $0[column * vectors + input / 16][input % 16] != 0 }
      }
      let own = (0..<columns).filter { isNonzero($0, input) }
      let order = own.map { ($0 / 64, isNonzero($0, input ^ 1) ? 0 : 1, $0) }.sorted(by: <)
      for row in 0..<rows {
        for (_, _, column) in order {
          result[row * vectors + input / 16][input % 16].addProduct(
            weights[row * columns + column], batch[column * vectors + input / 16][input % 16])
        }
      }
    }
    return result
  }

  /// Bits, with one zero instead of two: a chain of all terms may turn −0 into 0.
  static func bits(_ lanes: some Sequence<Lanes>) -> [SIMD16<UInt32>] {
    lanes.map { unsafeBitCast($0 + 0, to: SIMD16<UInt32>.self) }
  }

  static func signal(_ pair: borrowing RectifiedPair, count: Int) -> [SIMD16<UInt32>] {
    var rows = Batch.notANumber(count: count)
    pair.giveSignal(to: &rows)
    return bits(rows.prefix(count))
  }

  static func error(_ pair: borrowing RectifiedPair, count: Int) -> [SIMD16<UInt32>] {
    var rows = Batch.notANumber(count: count)
    pair.giveError(to: &rows)
    return bits(rows.prefix(count))
  }

  /// A layer, panel by panel.
  static func apply(
    _ pair: inout RectifiedPair, _ weights: [Float], rows: Int, part: [Lanes], isPruned: Bool
  ) -> Lanes {
    var poison = Lanes.zero
    var panel = WeightPanel()
    pair.start(rows: rows)
    for row in stride(from: 0, to: rows, by: WeightPanel.height) {
      panel.pack(weights, from: row, rows: rows, columns: weights.count / rows)
      poison += pair.apply(panel, row: row, adding: Batch(part), isPruned: isPruned)
    }
    pair.finish(isPruned: isPruned)
    return poison
  }

  /// A layer without a ReLU; its error and the norms of its first inputs.
  static func applyLast(
    _ pair: inout RectifiedPair, _ weights: [Float], rows: Int, part: [Lanes]?, vectors: Int
  ) -> (error: [SIMD16<UInt32>], norms: [Double]) {
    var panel = WeightPanel()
    pair.start(rows: rows)
    for row in stride(from: 0, to: rows, by: WeightPanel.height) {
      panel.pack(weights, from: row, rows: rows, columns: weights.count / rows)
      pair.applyLast(panel, row: row, adding: Batch(part ?? []), isPruned: part != nil)
    }
    pair.finish(isPruned: part != nil)
    var norms = [Double](repeating: .nan, count: 16 * vectors - 3)
    pair.errorNorms(into: &norms)
    return (error(pair, count: rows * vectors), norms)
  }

  /// Sums in double precision of at most 130 squares, in two orders.
  static func expectNorms(_ norms: [Double], of rows: [Lanes], vectors: Int) {
    for (input, norm) in norms.enumerated() {
      let square = stride(from: input / 16, to: rows.count, by: vectors).reduce(0.0) {
        $0 + Double(rows[$1][input % 16]) * Double(rows[$1][input % 16])
      }
      #expect(abs(norm - square.squareRoot()) <= 3e-14 * norm)
    }
  }

  /// Larger shapes first, so that what they leave in the memory must not be seen by the smaller.
  static let shapes = [(150, 5), (130, 4), (97, 9), (64, 1), (33, 2), (5, 3), (1, 1)]

  @Test(
    "Layers with and without errors, pruned or not: the bits of the scalar chain",
    arguments: [1, 5, 31, 33, 48, 63, 64, 65, 97, 130])
  func equalsNaive(rows: Int) {
    var pair = RectifiedPair()
    for (columns, vectors) in Self.shapes {
      let weights = MatrixProductTests.numbers(rows * columns, seed: 1)
      let last = MatrixProductTests.numbers(70 * rows, seed: 5)
      let part = MatrixProductTests.batch(rows: rows, vectors: vectors, seed: 4).map { $0 * 0.1 }
      let lastPart = MatrixProductTests.batch(rows: 70, vectors: vectors, seed: 7)
      let inputs = Rows(width: columns, vectors: vectors, seed: 2)
      for hasError in [false, true] {
        for isPruned in [false, true] {
          let expected = inputs.through(
            weights, rows: rows, part: isPruned ? part : nil, hasError: hasError)
          pair.take(
            Batch(inputs.signal), error: Batch(inputs.error), hasError: hasError, width: columns,
            vectors: vectors)
          let poison = Self.apply(
            &pair, weights, rows: rows, part: part, isPruned: isPruned)
          #expect(poison == Lanes.zero && pair.hasError == (hasError || isPruned))
          #expect(Self.signal(pair, count: rows * vectors) == Self.bits(expected.signal))
          guard pair.hasError else { continue }
          #expect(Self.error(pair, count: rows * vectors) == Self.bits(expected.error))
          // A layer on top reads the zeros that this one marked.
          var output = Self.inPairs(
            last, 70, rows, expected.error, bits: [expected.signal, expected.error])
          if isPruned { output = zip(output, lastPart).map { $0 + $1 } }
          let (error, norms) = Self.applyLast(
            &pair, last, rows: 70, part: isPruned ? lastPart : nil, vectors: vectors)
          #expect(error == Self.bits(output))
          Self.expectNorms(norms, of: output, vectors: vectors)
        }
      }
    }
  }

  @Test(
    "From points on: the bits of the scalar chain, whatever is pruned first",
    arguments: [1, 5, 31, 33, 64, 65, 97, 130])
  func beginsWithPoints(rows: Int) {
    var pair = RectifiedPair()
    for (columns, count) in [(150, 70), (64, 64), (97, 1), (33, 17), (1, 3)] {
      let vectors = (count + 15) / 16
      let points = MatrixProductTests.numbers(count * columns, seed: 8)
      let weights = MatrixProductTests.numbers(rows * columns, seed: 1)
      let part = MatrixProductTests.batch(rows: rows, vectors: vectors, seed: 4)
      var batch = [Lanes](repeating: .zero, count: columns * vectors)
      for point in 0..<count {
        for column in 0..<columns {
          batch[column * vectors + point / 16][point % 16] = points[point * columns + column]
        }
      }
      let inputs = Rows(signal: batch, error: [])
      for isPruned in [false, true] {
        pair.take(points: points, width: columns)
        #expect(Self.signal(pair, count: columns * vectors) == Self.bits(batch))
        let poison = Self.apply(
          &pair, weights, rows: rows, part: isPruned ? part : [], isPruned: isPruned)
        #expect(poison == Lanes.zero && pair.hasError == isPruned)
        let expected = inputs.through(
          weights, rows: rows, part: isPruned ? part : nil, hasError: false, isDense: true)
        #expect(Self.signal(pair, count: rows * vectors) == Self.bits(expected.signal))
        if isPruned {
          #expect(Self.error(pair, count: rows * vectors) == Self.bits(expected.error))
        }
      }
      // A network of one layer.
      pair.take(points: points, width: columns)
      let (error, norms) = Self.applyLast(&pair, weights, rows: rows, part: part, vectors: vectors)
      #expect(error == Self.bits(part))
      Self.expectNorms(norms, of: part, vectors: vectors)
    }
  }

  @Test func withoutAnErrorNormsAreZero() {
    var pair = RectifiedPair()
    var norms = [1.0, 2]
    pair.take(points: [1, 2, 3, 4], width: 2)
    pair.errorNorms(into: &norms)
    #expect(norms == [0, 0])
  }

  @Test func equalsNaiveWhenLarge() {
    let weights = MatrixProductTests.numbers(1_000_000, seed: 1)
    let inputs = Rows(width: 1000, vectors: 1, seed: 2)
    let expected = inputs.through(weights, rows: 1000, part: nil, hasError: true)
    var pair = RectifiedPair()
    pair.take(
      Batch(inputs.signal), error: Batch(inputs.error), hasError: true, width: 1000, vectors: 1)
    let poison = Self.apply(&pair, weights, rows: 1000, part: [], isPruned: false)
    #expect(poison == Lanes.zero)
    #expect(Self.signal(pair, count: 1000) == Self.bits(expected.signal))
    #expect(Self.error(pair, count: 1000) == Self.bits(expected.error))
  }

  @Test("Batches taken are given back as they were")
  func goesAndComes() {
    var pair = RectifiedPair()
    for (width, vectors) in Self.shapes {
      let rows = Rows(width: width, vectors: vectors, seed: 3)
      pair.take(
        Batch(rows.signal), error: Batch(rows.error), hasError: true, width: width,
        vectors: vectors)
      #expect(Self.signal(pair, count: width * vectors) == Self.bits(rows.signal))
      #expect(Self.error(pair, count: width * vectors) == Self.bits(rows.error))
    }
  }

  @Test("What is not finite is told, wherever it comes from", arguments: [Float.nan, .infinity])
  func tellsWhatIsNotFinite(value: Float) {
    var pair = RectifiedPair()
    let finite = [Lanes](repeating: Lanes.one, count: 40)
    for place in 0..<3 {
      var bad = finite
      bad[33][7] = value
      pair.take(
        Batch(place == 0 ? bad : finite), error: Batch(place == 1 ? bad : finite), hasError: true,
        width: 40, vectors: 1)
      let poison = Self.apply(
        &pair, [Float](repeating: 1, count: 1600), rows: 40, part: place == 2 ? bad : finite,
        isPruned: true)
      #expect(poison != Lanes.zero)
    }
  }
}
