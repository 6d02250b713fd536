import ExperimentKit
import Foundation
import PruningBounds
import PruningModel

/// What a network may be asked for at given ε and δ, for `prunebounds plan`.
public struct PlanReport {
  private let cell: Cell
  private let epsilon: Double
  private let maximumWidth: Int
  private let answers: [Answer]

  private struct Answer {
    let bound: Planner.Bound
    let width: Int?
    /// The largest m of each layer alone.
    let counts: [Int?]
    let alpha: Double?
    /// m of each layer at that α.
    let jointCounts: [Int]?
    /// The bound at the largest width, and with one weight of the best layer: why there is none.
    let atMaximumWidth: Double
    let atOneWeight: [Double]
  }

  /// - Parameters:
  ///   - cell: the network as it is; its hidden widths, or channels, are varied for the width, its counts
  ///     for the budgets.
  ///   - epsilon: above 0.
  ///   - maximumWidth: the largest hidden width looked at.
  ///   - bounds: the bounds that are inverted, side by side.
  public init(
    _ cell: Cell, epsilon: Double, maximumWidth: Int,
    bounds: [Planner.Bound] = Planner.Bound.allCases
  ) {
    self.cell = cell
    self.epsilon = epsilon
    self.maximumWidth = maximumWidth
    let design = cell.design
    let logDelta = log(cell.delta)
    guard let network = cell.hypotheses else {
      answers = []
      return
    }
    @Sendable func resized(_ width: Int) -> NetworkHypotheses {
      cell.resized(width).hypotheses ?? network
    }
    answers = bounds.filter { $0.applies(to: network) }.map { bound in
      let planner = Planner(bound: bound, epsilon: epsilon, logDelta: logDelta)
      let sizes = design.shapes.map(\.weightCount)
      func counts(_ alpha: Double) -> [Int] {
        let rule = PruningRule(
          method: design.pruning.method, alpha: alpha, layers: design.pruning.layers)
        return sizes.indices.map { index in
          design.prunedCounts[index] > 0 ? rule.prunedCount(of: sizes[index]) : 0
        }
      }
      let alpha = planner.smallestAlpha(in: network, counts: counts)
      return Answer(
        bound: bound,
        width: planner.smallestWidth(upTo: maximumWidth, network: resized),
        counts: sizes.indices.map { planner.largestCount(of: $0 + 1, in: network) },
        alpha: alpha, jointCounts: alpha.map(counts),
        atMaximumWidth: bound.value(resized(maximumWidth), logDelta: logDelta),
        atOneWeight: sizes.indices.map { index in
          var one = sizes.map { _ in 0 }
          one[index] = 1
          return bound.value(network.pruning(one), logDelta: logDelta)
        })
    }
  }

  /// One object; `null` where there is no solution.
  public var json: JSONValue {
    var object = JSONObject()
    func count(_ value: Int?) -> JSONValue { value.map { .number(.natural(UInt64($0))) } ?? .null }
    object["epsilon"] = .number(JSONNumber(epsilon))
    object["delta"] = .number(JSONNumber(cell.delta))
    object["maximum_width"] = count(maximumWidth)
    for answer in answers {
      var member = JSONObject()
      member["width"] = count(answer.width)
      member["layers"] = .array(
        answer.counts.enumerated().map { index, value in
          var layer = JSONObject()
          layer["layer"] = count(index + 1)
          layer["weights"] = count(cell.design.shapes[index].weightCount)
          layer["prunable"] = count(value)
          return .object(layer)
        })
      member["joint_alpha"] = answer.alpha.map { .number(JSONNumber($0)) } ?? .null
      member["joint_pruned"] = answer.jointCounts.map { .array($0.map(count)) } ?? .null
      object[answer.bound.rawValue] = .object(member)
    }
    return .object(object)
  }

  /// The same for people.
  public var text: String {
    let names = answers.map { "\($0.bound.name.title) bound" }
    var table = TextTable()
    func add(_ label: String, _ fields: [String]) {
      table.append(([label] + fields).map { TextTable.Field($0) })
    }
    add("at most epsilon = \(epsilon) with probability \(1 - cell.delta)", names)
    add(
      "smallest hidden width or channels up to \(maximumWidth)",
      answers.map { answer in
        answer.width.map(String.init) ?? "none: \(Self.short(answer.atMaximumWidth)) at the largest"
      })
    for index in 0..<cell.design.layerCount {
      let size = cell.design.shapes[index].weightCount
      add(
        "most weights of layer \(index + 1) alone, of \(size)",
        answers.map { answer in
          answer.counts[index].map(String.init)
            ?? "none: \(Self.short(answer.atOneWeight[index])) with one"
        })
    }
    add(
      "smallest alpha for all pruned layers",
      answers.map { answer in answer.alpha.map { Self.short($0) } ?? "none: too much with one each"
      })
    add(
      "weights of each layer at that alpha",
      answers.map { answer in
        answer.jointCounts.map { $0.map(String.init).joined(separator: " ") } ?? "-"
      })
    return table.text(coloured: false)
      + "\n" + BoundNotes.whose + "\n"
  }

  private static func short(_ value: Double) -> String { String(format: "%.6g", value) }
}
