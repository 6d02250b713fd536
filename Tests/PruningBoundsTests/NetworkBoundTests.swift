import Foundation
import Testing

@testable import PruningBounds

@Suite struct NetworkBoundTests {
  @Test func eventsOfTheUnionBound() {
    func events(_ widths: Int, _ pruned: Set<Int>) -> (Int, Int) {
      let network = network(
        [Int](repeating: 8, count: widths), .uniform, .random, scale: 1, alpha: 0.3, layers: pruned)
      return (
        BallBound(network, logDelta: log(0.05)).events,
        PointBound(network, logDelta: log(0.05)).events
      )
    }
    // Four layers, P = {2, 3}: W₁ w₂ W₃ W₄ Δ₂ Δ₃; on the point: W₃ W₄ | W₁ w₂ | Δ₂ Δ₃.
    #expect(events(5, [2, 3]) == (6, 6))
    // P = {1, 3} of four: ‖W₂‖ serves the error and the signal: W₂ W₃ W₄ w₁ Δ₁ Δ₃ and, on the
    // point, W₂ W₃ W₄ | w₁ w₂ | Δ₁ Δ₃.
    #expect(events(5, [1, 3]) == (6, 7))
    // All of three: W₂ W₃ w₁ w₂ Δ₁ Δ₂ Δ₃.
    #expect(events(4, [1, 2, 3]) == (7, 7))
    #expect(events(2, [1]) == (1, 1))
    #expect(events(4, []) == (0, 0))
  }

  /// A single layer: (1) has one term, and the bound is the smallest row of the table at η = δ.
  @Test func singleLayer() throws {
    let network = network([9, 7], .uniform, .random, scale: 2, alpha: 0.4, layers: [1])
    let table = network.layers[0].prunedPartBounds(logEta: log(0.1))
    let ball = BallBound(network, logDelta: log(0.1))
    #expect(ball.value == table.map(\.value).min())
    let point = PointBound(network, logDelta: log(0.1))
    #expect(point.value == network.layers[0].prunedStretchBound(logEta: log(0.1)))
  }

  @Test func lipschitzConstantEntersOncePerActivation() {
    let plain = network([9, 7, 8, 3], .uniform, .random, scale: 2, alpha: 0.4)
    let steep = network(
      [9, 7, 8, 3], .uniform, .random, scale: 2, alpha: 0.4, activation: .lipschitz(3))
    let ratio =
      BallBound(steep, logDelta: -3).value / BallBound(plain, logDelta: -3).value
    #expect(relativeError(ratio, 9) < 1e-14)
  }

  @Test func nothingPrunedGivesZero() {
    let ball = BallBound(
      network([4, 5, 6], .gaussian, .random, scale: 1, alpha: 0.5), logDelta: -3)
    #expect(ball.value == 0 && !ball.isVacuous && ball.logEta == nil)
  }

  @Test func vacuousBoundsAreMarked() {
    // Nearly everything pruned from many small layers: worse than the two networks' norms.
    let bad = network([Int](repeating: 4, count: 10), .rademacher, .random, scale: 1, alpha: 0.01)
    #expect(BallBound(bad, logDelta: log(0.5)).isVacuous)
    let good = network([16, 512, 512, 512, 10], .uniform, .magnitude, scale: 1, alpha: 0.6)
    #expect(!BallBound(good, logDelta: log(0.05)).isVacuous)
  }

  @Test(
    "Extreme shapes and failure probabilities give finite, monotone bounds",
    arguments: WeightLaw.allCases, PruningMethod.allCases)
  func extremes(law: WeightLaw, method: PruningMethod) {
    if law == .rademacher && method == .magnitude { return }
    for (rows, columns) in [(1, 1), (1, 7), (100_000, 1), (64, 64), (100_000, 100_000)] {
      let size = rows * columns
      for pruned in Set([1, max(1, size / 2), max(1, size - 1), size]) {
        let layer = LayerHypotheses(
          rows: rows, columns: columns, scale: 1, pruned: pruned, law: law, method: method)
        var last: [NamedBound] = []
        for logEta in [log(0.9), log(1e-3), log(1e-100), log(1e-300), -3000] {
          let bounds = layer.prunedPartBounds(logEta: logEta)
          #expect(bounds.allSatisfy { $0.value.isFinite && $0.value > 0 })
          for (loose, tight) in zip(bounds, last) {
            #expect(loose.value >= tight.value * (1 - 1e-12), "\(layer) \(logEta) \(loose.name)")
          }
          last = bounds
          let stretch = layer.prunedStretchBound(logEta: logEta)
          #expect(stretch.isFinite && stretch > 0)
        }
        #expect((0...1).contains(layer.prunedVarianceShare))
        #expect(layer.prunedVarianceShare > 0)
      }
    }
  }

  @Test("Total magnitude pruning is the whole matrix")
  func totalMagnitudePruning() {
    let random = LayerHypotheses(
      rows: 5, columns: 6, scale: 1, pruned: 30, law: .gaussian, method: .random)
    let magnitude = LayerHypotheses(
      rows: 5, columns: 6, scale: 1, pruned: 30, law: .gaussian, method: .magnitude)
    #expect(random.prunedPartBounds(logEta: -5) == magnitude.prunedPartBounds(logEta: -5))
    #expect(random.prunedStretchBound(logEta: -5) == magnitude.prunedStretchBound(logEta: -5))
  }
}
