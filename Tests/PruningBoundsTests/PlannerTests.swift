import Foundation
import Testing

@testable import PruningBounds

@Suite struct PlannerTests {
  static let cases: [(WeightLaw, PruningMethod)] = [
    (.uniform, .random), (.uniform, .magnitude), (.gaussian, .random), (.gaussian, .magnitude),
    (.rademacher, .random),
  ]

  @Test("Budgets are exact to the last weight", arguments: Planner.Bound.allCases)
  func budgets(bound: Planner.Bound) throws {
    for (law, method) in Self.cases {
      let network = network([16, 64, 64, 10], law, method, scale: 1, alpha: 0.3)
      for layer in 1...3 {
        func value(_ count: Int) -> Double {
          var counts = [0, 0, 0]
          counts[layer - 1] = count
          return bound.value(network.pruning(counts), logDelta: log(0.05))
        }
        let size = network.layers[layer - 1].size
        // An ε that the bound attains is kept; just below it is not.
        for count in [1, 2, 17, size / 3] {
          let planner = Planner(bound: bound, epsilon: value(count), logDelta: log(0.05))
          let largest = try #require(planner.largestCount(of: layer, in: network))
          #expect(largest >= count && value(largest) <= planner.epsilon)
          #expect(largest == size || value(largest + 1) > planner.epsilon)
        }
        let none = Planner(bound: bound, epsilon: value(1) * 0.999, logDelta: log(0.05))
        #expect(none.largestCount(of: layer, in: network) == nil)
        let all = Planner(bound: bound, epsilon: value(size), logDelta: log(0.05))
        #expect(all.largestCount(of: layer, in: network) == size)
      }
    }
  }

  /// The search by halves assumes that the bound grows with m: every m of small layers.
  @Test("Bounds grow with the number of pruned weights")
  func monotone() {
    for (law, method) in Self.cases {
      for (rows, columns) in [(1, 9), (7, 5), (12, 12)] {
        var last = (0.0, 0.0)
        for count in 1..<rows * columns {
          let layer = LayerHypotheses(
            rows: rows, columns: columns, scale: 1, pruned: count, law: law, method: method)
          let norm = layer.prunedPartBounds(logEta: log(0.01)).map(\.value).min() ?? 0
          let stretch = layer.prunedStretchBound(logEta: log(0.01))
          #expect(norm >= last.0 * (1 - 1e-12) && stretch >= last.1 * (1 - 1e-12))
          last = (norm, stretch)
        }
      }
    }
  }

  @Test("Sharp bounds grow with the number of weights pruned from one layer")
  func sharpMonotone() {
    for (law, method) in Self.cases {
      var last = (point: 0.0, net: 0.0)
      let base = network([3, 6, 6, 6, 2], law, method, scale: 1, alpha: 0.3)
      for count in 1...35 {
        let pruned = base.pruning([0, count, 0, 0])
        let point = SharpPointBound(pruned, logDelta: log(0.05)).value
        let net = NetBallBound(pruned, logDelta: log(0.05)).value
        #expect(point >= last.point * (1 - 1e-12), "\(law) \(method) \(count)")
        #expect(net >= last.net * (1 - 1e-12), "\(law) \(method) \(count)")
        last = (point, net)
      }
    }
  }

  @Test func jointAlpha() throws {
    let network = network([16, 64, 64, 64, 10], .uniform, .random, scale: 1, alpha: 0.3)
    func counts(_ alpha: Double) -> [Int] {
      network.layers.map { $0.pruned > 0 ? prunedCount($0.size, alpha: alpha) : 0 }
    }
    let planner = Planner(bound: .point, epsilon: 0.3, logDelta: log(0.05))
    let alpha = try #require(planner.smallestAlpha(in: network, counts: counts))
    #expect(planner.accepts(network.pruning(counts(alpha))))
    #expect(!planner.accepts(network.pruning(counts(alpha.nextDown))))
    let one = counts(alpha).map { $0 > 0 ? $0 + 1 : 0 }
    #expect(!planner.accepts(network.pruning(one)))
    let impossible = Planner(bound: .point, epsilon: 1e-9, logDelta: log(0.05))
    #expect(impossible.smallestAlpha(in: network, counts: counts) == nil)
  }

  @Test func width() throws {
    @Sendable func resized(_ width: Int) -> NetworkHypotheses {
      network([16, width, width, 10], .uniform, .random, scale: 1, alpha: 0.4)
    }
    let planner = Planner(bound: .point, epsilon: 0.3, logDelta: log(0.05))
    let width = try #require(planner.smallestWidth(upTo: 600, network: resized))
    #expect((2..<600).contains(width))
    #expect((width...600).allSatisfy { planner.accepts(resized($0)) })
    #expect(!planner.accepts(resized(width - 1)))
    let impossible = Planner(bound: .ball, epsilon: 1e-6, logDelta: log(0.05))
    #expect(impossible.smallestWidth(upTo: 600, network: resized) == nil)
  }
}
