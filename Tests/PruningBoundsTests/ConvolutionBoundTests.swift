import Foundation
import Testing

@testable import PruningBounds

@Suite struct ConvolutionBoundTests {
  /// The tolerances are the reference's own: 1e-9 relative, 1e-7 where it inverted a quantile.
  @Test func referenceValues() throws {
    let table = try ReferenceTable("convolution")
    #expect(table.rows.count == 1088)
    for row in table.rows {
      let law = try #require(WeightLaw(rawValue: try row.text("law")))
      let isFull = try row.text("method") == "none"
      let (out, into) = (
        Int(try row.number("out_channels")), Int(try row.number("in_channels"))
      )
      let kernel = LayerHypotheses.Kernel(
        side: Int(try row.number("kernel")), grid: Int(try row.number("grid")),
        isCircular: try row.text("padding") == "circular")
      let size = out * into * kernel.side * kernel.side
      let count = isFull ? 0 : prunedCount(size, alpha: try row.number("alpha"))
      if !isFull { #expect(count == Int(try row.number("pruned"))) }
      let method = isFull ? .random : try #require(PruningMethod(rawValue: try row.text("method")))
      let layer = LayerHypotheses(
        rows: out, columns: into, kernel: kernel, scale: try row.number("scale"), pruned: count,
        law: law, method: method)
      let logEta = log(try row.number("eta"))
      let name = try row.text("bound")
      let bounds =
        isFull ? layer.fullNormBounds(logEta: logEta) : layer.prunedPartBounds(logEta: logEta)
      let bound = try #require(bounds.first { $0.name.rawValue == name }, "\(row)")
      let inverted = method == .magnitude || (law == .gaussian && name == "frobenius")
      #expect(
        relativeError(bound.value, try row.number("value")) < (inverted ? 1e-7 : 1e-9), "\(row)")
    }
  }

  /// A kernel of side 1 on any grid that wraps around is a matrix repeated at every position.
  @Test func aKernelOfOneIsAMatrix() {
    for (law, method) in PlannerTests.cases {
      func layer(_ kernel: LayerHypotheses.Kernel?) -> LayerHypotheses {
        LayerHypotheses(
          rows: 12, columns: 7, kernel: kernel, scale: 1.5, pruned: 20, law: law, method: method)
      }
      let one = layer(LayerHypotheses.Kernel(side: 1, grid: 1, isCircular: true))
      let dense = layer(nil)
      let η = log(0.01)
      #expect(one.amplitude == dense.amplitude && one.size == dense.size)
      #expect(one.stretchBound(logEta: η) == dense.stretchBound(logEta: η))
      #expect(one.prunedStretchBound(logEta: η) == dense.prunedStretchBound(logEta: η))
      let table = Dictionary(
        uniqueKeysWithValues: dense.prunedPartBounds(logEta: η).map { ($0.name, $0.value) })
      for bound in one.prunedPartBounds(logEta: η) where bound.name != .frequency {
        switch bound.name {
        case .reshape: #expect(bound.value == dense.normBound(logEta: η))
        default: #expect(bound.value == table[bound.name])
        }
      }
    }
  }

  @Test func theSharpBoundsAreNotGiven() {
    let layer = LayerHypotheses(
      rows: 4, columns: 3, kernel: LayerHypotheses.Kernel(side: 3, grid: 6, isCircular: false),
      scale: 1, pruned: 10, law: .uniform, method: .random)
    let last = LayerHypotheses(
      rows: 5, columns: 4 * 36, scale: 1, pruned: 0, law: .uniform, method: .random)
    let network = NetworkHypotheses(
      layers: [layer, last], activation: .piecewiseLinear(slope: 0))
    let bounds = NetworkBounds(network, logDelta: log(0.05))
    #expect(bounds[.sharpPoint] == nil && bounds[.netBall] == nil)
    #expect(bounds[.ball]! > 0 && bounds[.point]! > 0)
    #expect(bounds[.refinedBall]! <= bounds[.ball]!)
    #expect(
      MeanField.rootMeanSquareError(network, activation: .piecewiseLinear(slope: 0)) == nil)
  }
}
