import ExperimentKit
import Foundation
import PruningBounds
import PruningModel

/// The bounds and the prediction of one cell, for `prunebounds bound`.
public struct BoundReport {
  private let cell: Cell
  private let ball: BallBound?
  private let point: PointBound?
  private let meanField: Double?

  /// - Parameter cell: the cell whose bounds are computed.
  public init(_ cell: Cell) {
    self.cell = cell
    let logDelta = log(cell.delta)
    let theory = CellTheory(cell)
    ball = cell.hypotheses.map { BallBound($0, logDelta: logDelta) }
    point = cell.hypotheses.map { PointBound($0, logDelta: logDelta) }
    meanField = theory.meanField
  }

  /// One object: the parameters, the bounds (times the bound factor, if there is one), and every
  /// layer's part in the ball bound.
  public var json: JSONValue {
    var object = JSONObject()
    for (name, value) in zip(Cell.parameterNames, cell.parameters) where !value.isEmpty {
      object[name] = Self.parameter(name, value)
    }
    object["inside_hypotheses"] = .bool(cell.satisfiesHypotheses)
    object["ball_bound"] = Self.number(ball.map { $0.value * cell.boundFactor })
    object["ball_vacuous"] = ball.map { .bool($0.isVacuous) } ?? .null
    object["point_bound"] = Self.number(point.map { $0.value * cell.boundFactor })
    object["mean_field_rms"] = Self.number(meanField)
    object["eta"] = Self.number(ball?.logEta.map(exp))
    object["events"] = ball.map { .number(.natural(UInt64($0.events))) } ?? .null
    object["layers"] = .array((1...cell.design.layerCount).map(layer))
    return .object(object)
  }

  private func layer(_ layer: Int) -> JSONValue {
    var object = JSONObject()
    let design = cell.design
    func count(_ value: Int) -> JSONValue { .number(.natural(UInt64(value))) }
    object["layer"] = count(layer)
    object["rows"] = count(design.widths[layer])
    object["columns"] = count(design.widths[layer - 1])
    object["pruned"] = count(design.prunedCounts[layer - 1])
    let norms = ball?.normBounds ?? []
    object["norm_bound"] = Self.number(norms.isEmpty ? nil : norms[layer - 1])
    let table = ball?.prunedPartBounds[layer - 1] ?? []
    object["pruned_part_bound"] = Self.number(table.map(\.value).min())
    if table.isEmpty {
      object["pruned_part_bounds"] = .null
    } else {
      var rows = JSONObject()
      for bound in table { rows[bound.name.rawValue] = Self.number(bound.value) }
      object["pruned_part_bounds"] = .object(rows)
    }
    return .object(object)
  }

  private static func parameter(_ name: String, _ value: String) -> JSONValue {
    let isNumber = ["degrees_of_freedom", "scale", "alpha", "delta", "bound_factor", "input_count"]
    return isNumber.contains(name) ? number(Double(value)) : .string(value)
  }

  private static func number(_ value: Double?) -> JSONValue {
    guard let value, value.isFinite else { return .null }
    return .number(JSONNumber(value))
  }

  /// The same for people.
  public var text: String {
    var table = TextTable()
    func add(_ fields: String...) { table.append(fields.map { TextTable.Field($0) }) }
    let named = zip(Cell.parameterNames, cell.parameters).filter { !$0.1.isEmpty }
    add(
      "network",
      named.filter { ["widths", "activation"].contains($0.0) }.map(\.1).joined(separator: ", "))
    add(
      "weights",
      named.filter { ["law", "scale", "degrees_of_freedom"].contains($0.0) }
        .map(\.1).joined(separator: ", "))
    add(
      "pruning",
      named.filter { ["method", "alpha", "layers"].contains($0.0) }
        .map(\.1).joined(separator: ", ") + ": \(cell.prunedCount) weights")
    add("delta", cell.delta.description)
    let scaled = cell.boundFactor == 1 ? "" : " (times bound_factor \(cell.boundFactor))"
    add(
      "ball bound",
      Self.short(ball.map { $0.value * cell.boundFactor }) + scaled
        + (ball?.isVacuous == true ? ", vacuous" : ""))
    add("point bound", Self.short(point.map { $0.value * cell.boundFactor }) + scaled)
    add("mean-field rms", Self.short(meanField) + " (a prediction, not a bound)")
    if let ball, let logEta = ball.logEta {
      add("union bound", "\(ball.events) events at eta = \(Self.short(exp(logEta)))")
    }
    if !cell.satisfiesHypotheses {
      add("hypotheses", "not satisfied: the bounds are those of gaussian weights of this variance")
    }
    return table.text(coloured: false) + "\n" + layerTable
      + "\nThe universal approach of Qian and Klabjan (ICML 2021); the constants are ours.\n"
  }

  private var layerTable: String {
    var table = TextTable()
    let heads = ["layer", "rows", "columns", "pruned", "norm", "pruned part", "each row's bound"]
    table.append(heads.map { TextTable.Field($0) })
    for layer in 1...cell.design.layerCount {
      let norms = ball?.normBounds ?? []
      let bounds = ball?.prunedPartBounds[layer - 1] ?? []
      let least = bounds.min { $0.value < $1.value }
      let fields = [
        String(layer), String(cell.design.widths[layer]), String(cell.design.widths[layer - 1]),
        String(cell.design.prunedCounts[layer - 1]),
        Self.short(norms.isEmpty ? nil : norms[layer - 1]),
        least.map { "\(Self.short($0.value)) (\($0.name.rawValue))" } ?? "-",
        bounds.map { "\($0.name.rawValue) \(Self.short($0.value))" }.joined(separator: ", "),
      ]
      table.append(fields.map { TextTable.Field($0) })
    }
    return table.text(coloured: false)
  }

  private static func short(_ value: Double?) -> String {
    value.map { String(format: "%.6g", $0) } ?? "-"
  }
}
