import Foundation
import Testing

@testable import PruningBounds

@Suite struct StatisticsTests {
  @Test func clopperPearsonInvertsTheTails() {
    for (x, n) in [(0, 1), (0, 400), (3, 10), (20, 400), (399, 400), (77, 100_000)] {
      let upper = ClopperPearson.upperLimit(x, trials: n, level: 0.05)
      let tail = BinomialLaw.lowerTail(x, trials: n, probability: upper)
      #expect(relativeError(tail, 0.05) < 1e-10)
      if x > 0 {
        let lower = ClopperPearson.lowerLimit(x, trials: n, level: 0.05)
        let tail = BinomialLaw.upperTail(x, trials: n, probability: lower)
        #expect(relativeError(tail, 0.05) < 1e-10)
        #expect(lower < Double(x) / Double(n) && Double(x) / Double(n) < upper)
      }
    }
    // The rule of three, exactly: 1 − λ^(1/n).
    let limit = ClopperPearson.upperLimit(0, trials: 400, level: 0.05)
    #expect(relativeError(limit, 1 - pow(0.05, 1.0 / 400)) < 1e-12)
    #expect(ClopperPearson.upperLimit(5, trials: 5, level: 0.05) == 1)
    #expect(ClopperPearson.lowerLimit(0, trials: 5, level: 0.05) == 0)
  }

  @Test func ranksOfQuantiles() {
    #expect(QuantileRanks.rank(trials: 400, delta: 0.05) == 380)
    #expect(QuantileRanks.rank(trials: 100, delta: 0.29) == 71)  // 100·0.29 < 29 in binary
    #expect(QuantileRanks.rank(trials: 401, delta: 0.05) == 381)
    #expect(QuantileRanks.rank(trials: 1, delta: 0.9) == 1)
    for n in 1...300 {
      for percent in 1...99 {
        #expect(
          QuantileRanks.rank(trials: n, delta: Double(percent) / 100)
            == (n * (100 - percent) + 99) / 100)
      }
    }
  }

  /// The definition, by summing over all ranks.
  @Test func intervalOfQuantiles() {
    for (n, delta) in [(1, 0.05), (10, 0.05), (58, 0.05), (400, 0.05), (400, 0.5), (35, 0.1)] {
      let (low, high) = QuantileRanks.interval(trials: n, delta: delta, level: 0.05)
      let fewer = (1...n).filter {
        BinomialLaw.lowerTail($0 - 1, trials: n, probability: 1 - delta) <= 0.025
      }
      let more = (1...n).filter {
        BinomialLaw.upperTail($0, trials: n, probability: 1 - delta) <= 0.025
      }
      #expect(low == fewer.max())
      #expect(high == more.min())
    }
    let ranks = QuantileRanks(trials: 400, delta: 0.05, level: 0.05)
    #expect(ranks.value == 380 && ranks.low == 371 && ranks.high == 389)
  }

  /// Against sorting: close values, equal ones, zeros of both signs, subnormal, negative, infinite.
  @Test func orderStatistics() {
    let awkward = [
      0, -0.0, 1, 1, 1, 1.nextUp, 1.nextDown, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, -1,
      -2.5, .infinity, -.infinity,
      .greatestFiniteMagnitude, 0.1, 0.1 + 1e-17, .leastNormalMagnitude.nextDown, 0x1p-53, 0x1p53,
    ]
    var state: UInt64 = 9
    let many = (0..<5000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(bitPattern: state >> 2)
    }
    for sample in [awkward, many, [7.5], [Double](repeating: 3, count: 40)] {
      let sorted = sample.sorted()
      let ranks =
        [1, (sample.count + 1) / 2, sample.count] + stride(from: 1, through: sample.count, by: 37)
      var order = OrderStatistics(ranks: ranks)
      for _ in 0..<OrderStatistics.passes {
        for value in sample { order.observe(value) }
        order.endPass()
      }
      #expect(order.values == ranks.map { sorted[$0 - 1] })
      for rank in 1...sample.count where sample.count < 50 {
        var order = OrderStatistics(ranks: [rank])
        for _ in 0..<OrderStatistics.passes {
          for value in sample { order.observe(value) }
          order.endPass()
        }
        #expect(order.values == [sorted[rank - 1]])
      }
    }
  }

  @Test func holm() {
    let holm = Holm(pValues: [0.01, 0.04, 0.03, 0.005], level: 0.05)
    // Sorted 0.005, 0.01, 0.03, 0.04 against 0.0125, 0.0167, 0.025, 0.05: two are rejected.
    #expect(holm.rejected == [true, false, false, true])
    #expect(holm.nextLevel == 0.025)
    #expect(Holm(pValues: [], level: 0.05).rejected.isEmpty)
    #expect(Holm(pValues: [0.05], level: 0.05).rejected == [true])
    #expect(Holm(pValues: [0.2, 0.9], level: 0.05).nextLevel == 0.025)
  }
}
