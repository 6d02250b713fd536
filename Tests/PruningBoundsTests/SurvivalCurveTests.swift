import Foundation
import Testing

@testable import PruningBounds

@Suite struct SurvivalCurveTests {
  @Test func ranksGoFromTheFirstToTheLast() {
    #expect(SurvivalRanks(trials: 1).ranks == [1])
    #expect(SurvivalRanks(trials: 2).ranks == [1, 2])
    for n in [3, 10, 400, 1_000_000, 1 << 40] {
      let ranks = SurvivalRanks(trials: n).ranks
      #expect(ranks.first == 1 && ranks.last == n && ranks.count <= SurvivalRanks.mostPoints)
      #expect(ranks == Set(ranks).sorted())
    }
    // One in ten is above rank 900 of 1000.
    #expect(SurvivalRanks(trials: 1000).ranks.contains { abs($0 - 901) <= 15 })
  }

  /// The curve at rank r is (n − r + 1)/n; its limits are Clopper and Pearson's, n − r trials being above.
  @Test func limits() throws {
    let ranks = SurvivalRanks(trials: 400)
    let points = ranks.points(ranks.ranks.map(Double.init), level: 0.05)
    let each = 0.05 / Double(2 * ranks.ranks.count)
    for (rank, point) in zip(ranks.ranks, points) {
      #expect(point.value == Double(rank) && point.survival == Double(401 - rank) / 400)
      #expect(point.low < point.survival && point.survival - 1 / 400.0 < point.high)
      // The limits at which the binomial tails have the level.
      if point.high < 1 {
        let tail = BinomialLaw.lowerTail(400 - rank, trials: 400, probability: point.high)
        #expect(abs(tail / each - 1) < 1e-9)
      }
      if point.low > 0 {
        let tail = BinomialLaw.upperTail(401 - rank, trials: 400, probability: point.low)
        #expect(abs(tail / each - 1) < 1e-9)
      }
    }
    // None of 400 above the largest: 1 − (level)^(1/400).
    let last = try #require(points.last)
    #expect(abs(last.high - (1 - pow(each, 1 / 400.0))) < 1e-12)
  }

  /// The band holds the whole curve of a law in at least 1 − λ of the samples, continuous or not: at
  /// λ = 0.2, 2000 samples, at most 400 + 4.5·√320 ≈ 480 misses, false alarm below 4e-6.
  @Test(arguments: [false, true])
  func bandsCover(isDiscrete: Bool) {
    let n = 60
    let ranks = SurvivalRanks(trials: n)
    var random = SmallGenerator(seed: 3)
    var misses = 0
    for _ in 0..<2000 {
      let sample = (0..<n).map { _ in
        let u = random.uniform()
        return isDiscrete ? (u * 7).rounded(.down) : u
      }.sorted()
      let points = ranks.points(ranks.ranks.map { sample[$0 - 1] }, level: 0.2)
      let isMiss = points.contains { point in
        // P(X ≥ x) and P(X > x).
        let (from, above) =
          isDiscrete
          ? (1 - point.value / 7, 1 - (point.value + 1) / 7) : (1 - point.value, 1 - point.value)
        return from < point.low || above > point.high
      }
      misses += isMiss ? 1 : 0
    }
    #expect(misses <= 480)
    // The union bound over points that hang together is not that loose either.
    if !isDiscrete { #expect(misses > 20) }
  }
}
