import Foundation
import PruningBounds
import PruningModel

/// How a quantity falls with the width, over the cells that differ in nothing else: the least-squares
/// slope of its logarithm against that of the width, beside the exponent that theory expects.
public struct Scaling: Sendable {
  /// The cells' common parameters, with d in place of the swept widths.
  public let parameters: [String]
  /// The column of `summary.csv` that is fitted.
  public let quantity: String
  /// The number of widths.
  public let widths: Int
  /// d ln quantity/d ln width.
  public let slope: Double
  /// Its standard error from the residuals; nil for two widths.
  public let slopeError: Double?
  /// The exponent that theory expects; nil where it says nothing.
  public let expectedSlope: Double?
  /// The smallest C₂ with quantity ≤ C₂ d^(−α) at every width: the form of the paper's theorem.
  public let paperConstant: Double

  /// Every fit that an experiment allows: groups of cells with at least two widths.
  public static func all(of summaries: [CellSummary]) -> [Scaling] {
    var groups: [(key: [String], members: [CellSummary])] = []
    for summary in summaries where summary.cell.kind == .network {
      var key = summary.cell.parameters
      key[Self.widthsColumn] = String(summary.cell.design.sizes.count)
      if let place = groups.firstIndex(where: { $0.key == key }) {
        groups[place].members.append(summary)
      } else {
        groups.append((key, [summary]))
      }
    }
    return groups.flatMap { fits(of: $0.members) }
  }

  private static let widthsColumn = 1

  private static func fits(of members: [CellSummary]) -> [Scaling] {
    let lists = members.map(\.cell.design.sizes)
    let first = lists[0]
    let swept = first.indices.filter { place in lists.contains { $0[place] != first[place] } }
    // One width d is swept: all entries that change are equal within a cell.
    guard members.count >= 2, let place = swept.first,
      lists.allSatisfy({ list in swept.allSatisfy { list[$0] == list[place] } })
    else { return [] }
    var parameters = members[0].cell.parameters
    parameters[widthsColumn] = first.indices.map { swept.contains($0) ? "d" : String(first[$0]) }
      .joined(separator: " ")
    let exponents = Exponents(members[0].cell, swept: swept)
    return quantities.compactMap { quantity in
      let points = members.compactMap { member -> (Double, Double)? in
        guard let value = quantity.value(member), value > 0 else { return nil }
        return (Double(member.cell.design.sizes[place]), value)
      }
      guard points.count == members.count else { return nil }
      return Scaling(
        parameters: parameters, quantity: quantity.name, points: points,
        expected: quantity.isBound ? exponents.bound : quantity.isError ? exponents.error : nil,
        alpha: members[0].cell.design.pruning.alpha)
    }
  }

  private init(
    parameters: [String], quantity: String, points: [(width: Double, value: Double)],
    expected: Double?, alpha: Double
  ) {
    self.parameters = parameters
    self.quantity = quantity
    widths = points.count
    expectedSlope = expected
    let x = points.map { log($0.width) }
    let y = points.map { log($0.value) }
    let (meanX, meanY) = (Self.mean(x), Self.mean(y))
    let spread = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    let slope = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / spread
    let residual = zip(x, y).reduce(0) { sum, point in
      let error = point.1 - meanY - slope * (point.0 - meanX)
      return sum + error * error
    }
    self.slope = slope
    slopeError =
      points.count > 2 ? (residual / Double(points.count - 2) / spread).squareRoot() : nil
    paperConstant = points.map { $0.value * pow($0.width, alpha) }.max() ?? 0
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  /// A column that is fitted, and which of the theory's exponents applies to it.
  private struct Quantity {
    let name: String
    var isError = false
    var isBound = false
    let value: @Sendable (CellSummary) -> Double?
  }

  private static let quantities = [
    Quantity(name: "rms_error", isError: true) { $0.rootMeanSquare },
    Quantity(name: "point_error_quantile", isError: true) {
      $0.errors[.pointError]?.quantile.value
    },
    Quantity(name: "max_error_quantile") { $0.errors[.maxError]?.quantile.value },
    Quantity(name: "ball_lower_quantile") { $0.errors[.ballLower]?.quantile.value },
    Quantity(name: "certificate_quantile") { $0.errors[.certificate]?.quantile.value },
    Quantity(name: "ball_bound", isBound: true) { $0.bounds["ball"]?.bound },
    Quantity(name: "point_bound") { $0.bounds["point"]?.bound },
  ]

  /// The exponents that theory expects, for square layers, α < ½ and laws inside the hypotheses:
  /// −α for random, −3α for magnitude pruning; point and root-mean-square errors fall by √d more
  /// where input and output stay fixed.
  private struct Exponents {
    var error: Double?
    var bound: Double?

    init(_ cell: Cell, swept: [Int]) {
      let count = cell.design.sizes.count
      let alpha = cell.design.pruning.alpha
      let isFullyConnected = cell.hypotheses?.layers.allSatisfy { $0.kernel == nil } == true
      guard cell.satisfiesHypotheses, alpha < 0.5, isFullyConnected else { return }
      let rate = cell.design.pruning.method == .random ? -alpha : -3 * alpha
      if swept.count == count {
        (error, bound) = (rate, rate)
      } else if swept == Array(1..<count - 1) && cell.design.pruning.layers == .hidden {
        (error, bound) = (rate - 0.5, rate)
      }
    }
  }
}
