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

  /// The values of theory-sharp's "Reference values".
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
}
