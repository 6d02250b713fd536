import Foundation
import Testing

@testable import PruningBounds

/// Rows of a fixture: values from an independent implementation.
struct ReferenceTable {
  let rows: [[String: String]]

  init(_ name: String) throws {
    let url = try #require(
      Bundle.module.url(forResource: name, withExtension: "csv", subdirectory: "Fixtures"))
    let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline)
    let names = try #require(lines.first).split(separator: ",").map(String.init)
    rows = lines.dropFirst().map { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return Dictionary(uniqueKeysWithValues: zip(names, fields))
    }
  }
}

extension [String: String] {
  func number(_ column: String) throws -> Double { try #require(Double(self[column] ?? "")) }
  func text(_ column: String) throws -> String { try #require(self[column]) }
}

func relativeError(_ value: Double, _ reference: Double) -> Double {
  value == reference ? 0 : abs(value - reference) / abs(reference)
}

/// m = min(D, ⌊(1 + 10⁻⁹) D^(1−α)⌋).
func prunedCount(_ size: Int, alpha: Double) -> Int {
  min(size, Int((1 + 1e-9) * pow(Double(size), 1 - alpha)))
}

/// A network pruned in its hidden layers 2 … l − 1, or in the layers given.
func network(
  _ widths: [Int], _ law: WeightLaw, _ method: PruningMethod, scale: Double, alpha: Double,
  layers: Set<Int>? = nil, activation: ActivationHypotheses = .lipschitz(1)
) -> NetworkHypotheses {
  let count = widths.count - 1
  let pruned = layers ?? Set(2..<max(2, count))
  return NetworkHypotheses(
    layers: (1...count).map { k in
      LayerHypotheses(
        rows: widths[k], columns: widths[k - 1], scale: scale,
        pruned: pruned.contains(k) ? prunedCount(widths[k] * widths[k - 1], alpha: alpha) : 0,
        law: law, method: method)
    }, activation: activation)
}

/// The tolerances are the reference's own: 1e-9 relative, 1e-7 where it inverted a quantile.
@Suite struct ReferenceValueTests {
  @Test func tailOfSums() throws {
    let table = try ReferenceTable("q_plus")
    #expect(table.rows.count == 72)
    for row in table.rows {
      let q = TailOfSums.upperMean(
        try row.number("mu"), try row.number("n"), logEta: log(try row.number("eta")))
      #expect(relativeError(q, try row.number("q_plus")) < 1e-9, "\(row)")
    }
  }

  @Test func prunedPart() throws {
    let table = try ReferenceTable("pruned_part")
    #expect(table.rows.count == 450)
    for row in table.rows {
      let rows = Int(try row.number("rows"))
      let columns = Int(try row.number("columns"))
      let count = prunedCount(rows * columns, alpha: try row.number("alpha"))
      #expect(count == Int(try row.number("pruned")))
      let law = try #require(WeightLaw(rawValue: try row.text("law")))
      let method = try #require(PruningMethod(rawValue: try row.text("method")))
      let layer = LayerHypotheses(
        rows: rows, columns: columns, scale: try row.number("scale"), pruned: count, law: law,
        method: method)
      let name = try row.text("bound")
      let bounds = layer.prunedPartBounds(logEta: log(try row.number("eta")))
      let bound = try #require(bounds.first { $0.name.rawValue == name })
      let inverted = method == .magnitude || (law == .gaussian && name == "frobenius")
      let error = relativeError(bound.value, try row.number("value"))
      #expect(error < (inverted ? 1e-7 : 1e-9), "\(row)")
    }
  }

  @Test func networks() throws {
    let table = try ReferenceTable("network")
    #expect(table.rows.count == 120)
    for row in table.rows {
      let method = try #require(PruningMethod(rawValue: try row.text("method")))
      let network = network(
        try row.text("widths").split(separator: " ").map { Int($0)! },
        try #require(WeightLaw(rawValue: try row.text("law"))), method,
        scale: try row.number("scale"), alpha: try row.number("alpha"))
      let logDelta = log(try row.number("delta"))
      let ball = BallBound(network, logDelta: logDelta)
      #expect(relativeError(exp(try #require(ball.logEta)), try row.number("eta")) < 1e-12)
      let table = ball.prunedPartBounds[1]
      #expect(table.min { $0.value < $1.value }?.name.rawValue == row["layer2_bound"])
      #expect(relativeError(ball.value, try row.number("ball_bound")) < 1e-7, "\(row)")
      let point = PointBound(network, logDelta: logDelta)
      #expect(relativeError(point.value, try row.number("point_bound")) < 1e-7, "\(row)")
      let prediction = try #require(
        MeanField.rootMeanSquareError(network, activation: .piecewiseLinear(slope: 0)))
      // The reference leaves the prediction for rademacher weights out.
      if let expected = Double(try row.text("mean_field_rms")) {
        #expect(relativeError(prediction, expected) < 1e-9, "\(row)")
      } else {
        #expect(row["law"] == "rademacher")
      }
    }
  }
}
