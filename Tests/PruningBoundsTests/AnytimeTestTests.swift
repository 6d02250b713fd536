import Foundation
import Testing

@testable import PruningBounds

@Suite struct AnytimeTestTests {
  struct SplitMix {
    var state: UInt64
    mutating func uniform() -> Double {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }
  }

  /// How many of 2000 sequences are rejected at some time up to a horizon, looked at after each
  /// trial, and to which side.
  func rejections(rate: Double, delta: Double, level: Double, horizon: Int) -> (Int, Int) {
    var generator = SplitMix(state: 5)
    var (above, below) = (0, 0)
    for _ in 0..<2000 {
      var test = AnytimeTest(delta: delta)
      for _ in 0..<horizon {
        test.observe(generator.uniform() < rate)
        guard let side = test.rejection(level: level) else { continue }
        if side == .above { above += 1 } else { below += 1 }
        break
      }
    }
    return (above, below)
  }

  /// 0.05 and four standard errors of 2000 sequences, 0.0195: false alarm 3e-5.
  @Test("The level holds under continuous peeking", arguments: [0.5, 0.05, 0.01])
  func level(delta: Double) {
    let (above, below) = rejections(rate: delta, delta: delta, level: 0.05, horizon: 2000)
    #expect(Double(above + below) / 2000 < 0.0695)
    // Against a rate below δ the upper side, against one above it the lower side is the error.
    #expect(rejections(rate: delta * 0.9, delta: delta, level: 0.05, horizon: 2000).0 < 139)
    #expect(rejections(rate: delta * 1.1, delta: delta, level: 0.05, horizon: 2000).1 < 139)
  }

  @Test func twiceTheRateIsFound() {
    let (above, below) = rejections(rate: 0.1, delta: 0.05, level: 0.05, horizon: 2000)
    #expect(above > 1980 && below == 0)
  }

  @Test func theUpdateIsTheMixture() {
    // B(a + x, b + n − x)/(B(a, b) δˣ (1 − δ)ⁿ⁻ˣ) at n = 40, x = 7, δ = 0.1 is 0.356; the level
    // at which the test turns, one over it, tells the value.
    var test = AnytimeTest(delta: 0.1)
    for trial in 0..<40 { test.observe(trial % 6 == 3) }
    #expect(test.successes == 7 && test.trials == 40)
    let logBeta = lgamma(7.5) + lgamma(33.5) - lgamma(41) - log(Double.pi)
    let value = exp(logBeta - 7 * log(0.1) - 33 * log(0.9))
    #expect(test.rejection(level: 1 / value * (1 + 1e-12)) == .above)
    #expect(test.rejection(level: 1 / value * (1 - 1e-12)) == nil)
  }

  @Test func confidenceSequence() {
    for (x, n) in [(0, 1), (0, 500), (3, 40), (20, 400), (399, 400), (1, 1_000_000)] {
      let limit = AnytimeTest.upperLimit(x, trials: n, level: 0.05)
      #expect(limit > Double(x) / Double(n) && limit < 1)
      // Just inside and outside the limit the test accepts and rejects.
      let log1 = lgamma(0.5 + Double(x)) + lgamma(0.5 + Double(n - x)) - lgamma(1 + Double(n))
      let value = log1 - log(Double.pi) - Double(x) * log(limit) - Double(n - x) * log1p(-limit)
      #expect(abs(value - log(20)) < 1e-6)
      // It pays for the peeking.
      #expect(limit > ClopperPearson.upperLimit(x, trials: n, level: 0.05))
    }
    #expect(AnytimeTest.upperLimit(4, trials: 4, level: 0.05) == 1)
  }

  @Test func trialsNeeded() throws {
    for (x, n) in [(0, 10), (3, 50), (30, 50)] {
      var test = AnytimeTest(delta: 0.05)
      for trial in 0..<n { test.observe(trial < x) }
      let needed = try #require(test.trialsNeeded(level: 0.01))
      for _ in 0..<needed - 1 { test.observe(false) }
      #expect(test.rejection(level: 0.01) != .below)
      test.observe(false)
      #expect(test.rejection(level: 0.01) == .below)
    }
  }
}
