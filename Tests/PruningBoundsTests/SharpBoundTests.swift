import Foundation
import Testing

@testable import PruningBounds

@Suite struct SharpBoundTests {
  static func activation(_ name: String) throws -> ActivationHypotheses {
    switch name {
    case "relu": .piecewiseLinear(slope: 0)
    case "identity": .piecewiseLinear(slope: 1)
    case "tanh": .lipschitz(1)
    default: .piecewiseLinear(slope: try #require(Double(name.dropFirst("leakyRelu:".count))))
    }
  }

  /// The tolerances are the reference's own: 1e-9 relative, 1e-7 where a root or quantile is inverted.
  @Test func referenceValues() throws {
    let table = try ReferenceTable("sharp")
    #expect(table.rows.count == 58)
    for row in table.rows {
      let law = try #require(WeightLaw(rawValue: try row.text("law")))
      let method = try #require(PruningMethod(rawValue: try row.text("method")))
      let widths = try row.text("widths").split(separator: " ").compactMap { Int($0) }
      let layers = try row.text("layers")
      let network = network(
        widths, law, method, scale: try row.number("scale"), alpha: try row.number("alpha"),
        layers: layers == "hidden" ? nil : Set(layers.split(separator: " ").compactMap { Int($0) }),
        activation: try Self.activation(try row.text("activation")))
      let logDelta = log(try row.number("delta"))
      let tolerance = law == .gaussian ? 1e-7 : 1e-9
      let point = SharpPointBound(network, logDelta: logDelta)
      #expect(
        relativeError(point.value, try row.number("sharp_point_bound")) < tolerance, "\(row)")
      #expect(point.order == Int(try row.number("sharp_q")), "\(row)")
      let net = NetBallBound(network, logDelta: logDelta)
      #expect(relativeError(net.value, try row.number("net_ball_bound")) < tolerance, "\(row)")
      #expect(
        net.radius.map { relativeError($0, (try? row.number("net_radius")) ?? 0) < 1e-12 } == true)
      #expect(net.order == Int(try row.number("net_q")), "\(row)")
    }
  }

  /// Values of an independent computation.
  @Test func primitives() {
    let order = 32
    let full = RowMoments(rows: 64, slope: 0, order: order, powers: 1...order)
    let kept = RowMoments(rows: 64, slope: 0, keepRate: 0.8, order: order, powers: 1...1)
    #expect(relativeError(exp(full.logNorm(1, 3)), 34.42601241) < 1e-9)
    #expect(relativeError(exp(full.logNorm(2, 1.5)), 106.07281102) < 1e-9)
    #expect(relativeError(exp(kept.logNorm(1, 3)), 28.10042848) < 1e-9)
    #expect(relativeError(ChiSquareMarkov.logSupremum(10, 5), 11.5675004516) < 1e-10)
    #expect(relativeError(ChiSquareMarkov.logMoment(10, 6), 16.0852418261) < 1e-10)
  }

  /// 17 digits from mpmath at 60, by its own repeated squaring.
  @Test(
    "Norms of long series",
    arguments: [
      (100_000, 1, 128.0, 1.0, 0.0, 10.822944972891976),
      (100_000, 1, 128.0, 1e-3, 0.0, 5.2145988494264852),
      (100_000, 64, 2.0, 1.0, 0.1, 296.47436962419994),
      (100_000, 127, 128.0 / 127, 1.0, 0.0, 588.69570636036094),
      (1, 1, 128.0, 1.0, 0.0, 4.5424672951830441),
      (1, 3, 128.0 / 3, 1.0, 1.0, 13.64383110959276),
      (3, 2, 64.0, 1.0, 0.0, 9.1021477224880469),
      (512, 5, 124.0 / 5, 1.0, 1.0, 22.833306541609494),
      (10, 1, 100.0, 0.25, 0.3, 4.3545799050519756),
    ])
  func longSeries(rows: Int, r: Int, t: Double, keepRate: Double, slope: Double, expected: Double) {
    let moments = RowMoments(
      rows: rows, slope: slope, keepRate: keepRate, order: 128, powers: 1...r)
    #expect(relativeError(moments.logNorm(r, t), expected) < 1e-12)
  }

  /// A billion entries in a layer, ln δ down to −1000: finite, and growing as δ falls.
  @Test func extremes() {
    for (law, method) in PlannerTests.cases {
      for layers in [Set([2]), [1, 2, 3]] {
        let network = network(
          [100_000, 10_000, 100_000, 1], law, method, scale: 1, alpha: 0.3, layers: layers,
          activation: .piecewiseLinear(slope: 0))
        var last = 0.0
        for logDelta in [-1e-3, -1, -10, -200, -1000] {
          let bound = SharpPointBound(network, logDelta: logDelta)
          #expect(bound.value.isFinite && bound.value > last && bound.order != nil)
          last = bound.value
        }
        #expect(NetBallBound(network, logDelta: -1).value.isFinite)
      }
    }
    // One weight left: under magnitude pruning no moment of 1/(1 − U) exists.
    let bare = network([3, 3, 3, 2], .uniform, .magnitude, scale: 1, alpha: 0.3)
      .pruning([0, 8, 0])
    #expect(SharpPointBound(bare, logDelta: log(0.05)).value == .infinity)
    // A hundred gaussian thresholds spend the whole of δ.
    let deep = network(
      [Int](repeating: 2, count: 103), .gaussian, .magnitude, scale: 1, alpha: 0.5)
    #expect(SharpPointBound(deep, logDelta: log(0.05)).value == .infinity)
    #expect(NetBallBound(deep, logDelta: log(0.05)).value == .infinity)
    let none = bare.pruning([0, 0, 0])
    #expect(SharpPointBound(none, logDelta: log(0.05)) == SharpPointBound(value: 0, order: nil))
    #expect(NetBallBound(none, logDelta: log(0.05)).value == 0)
  }

  /// Better norms are never worse, and the variance rows beat domination for uniform weights, whose
  /// variance is below the dominating gaussian's.
  @Test func refinedBoundsAreSmaller() {
    for (law, method) in PlannerTests.cases {
      for widths in [[4, 5, 6, 3], [16, 256, 256, 10]] {
        let network = network(widths, law, method, scale: 1, alpha: 0.3)
        let bounds = NetworkBounds(network, logDelta: log(0.05))
        #expect(bounds.refinedBall.value <= bounds.ball.value)
        #expect(bounds.refinedPoint.value <= bounds.point.value)
        if law == .uniform && widths[0] == 16 {
          #expect(bounds.refinedBall.value < bounds.ball.value)
          #expect(bounds.refinedPoint.value < bounds.point.value)
        }
      }
    }
    #expect(VarianceComparison.norm(deviation: 1, rows: 1, columns: 9, logEta: log(0.9)) == nil)
  }

  @Test("One bound in at most 50 ms, a net bound in at most 2 s")
  func cost() {
    let network = network(
      [64, 4096, 4096, 4096, 10], .gaussian, .magnitude, scale: 1, alpha: 0.3,
      activation: .piecewiseLinear(slope: 0))
    let clock = ContinuousClock()
    let times = (0..<5).map { _ in
      clock.measure { _ = SharpPointBound(network, logDelta: log(0.05)) }
    }
    #expect(times.min()! < .milliseconds(50))
    #expect(clock.measure { _ = NetBallBound(network, logDelta: log(0.05)) } < .seconds(2))
  }
}
