import ExperimentKit
import Foundation
import PruningBounds
import PruningModel

/// The bounds and the prediction of one cell, for `prunebounds bound`.
public struct BoundReport {
  private let cell: Cell
  private let theory: CellTheory
  private var ball: BallBound? { theory.network?.ball }

  /// - Parameter cell: the cell whose bounds are computed.
  public init(_ cell: Cell) {
    self.cell = cell
    theory = CellTheory(cell)
  }

  /// One object: the parameters, the bounds (times the bound factor, if there is one), and every
  /// layer's part in the ball bound.
  public var json: JSONValue {
    var object = JSONObject()
    for (name, value) in zip(Cell.parameterNames, cell.parameters) where !value.isEmpty {
      object[name] = Self.parameter(name, value)
    }
    object["inside_hypotheses"] = .bool(cell.satisfiesHypotheses)
    for name in NetworkBounds.Name.allCases {
      object[name.rawValue + "_bound"] = Self.number(theory.bounds[name.rawValue])
    }
    object["ball_vacuous"] = ball.map { .bool($0.isVacuous) } ?? .null
    object["sharp_point_order"] = Self.count(theory.network?.sharpPoint?.order)
    object["net_ball_radius"] = Self.number(theory.network?.netBall?.radius)
    object["net_ball_order"] = Self.count(theory.network?.netBall?.order)
    object["mean_field_rms"] = Self.number(theory.meanField)
    object["eta"] = Self.number(ball?.logEta.map(exp))
    object["events"] = Self.count(ball?.events)
    object["layers"] = .array((1...cell.design.layerCount).map(layer))
    return .object(object)
  }

  private func layer(_ layer: Int) -> JSONValue {
    var object = JSONObject()
    let design = cell.design
    object["layer"] = Self.count(layer)
    object["rows"] = Self.count(design.shapes[layer - 1].weightRows)
    object["columns"] = Self.count(design.shapes[layer - 1].weightColumns)
    object["pruned"] = Self.count(design.prunedCounts[layer - 1])
    let norms = ball?.normBounds ?? []
    object["norm_bound"] = Self.number(norms.isEmpty ? nil : norms[layer - 1])
    let table = ball?.prunedPartBounds[layer - 1] ?? []
    object["pruned_part_bound"] = Self.number(table.map(\.value).min())
    object["pruned_part_bounds"] = Self.rows(table)
    let refined = theory.network?.refinedBall
    object["refined_norm_bound"] = Self.number(
      refined.flatMap { $0.normBounds.isEmpty ? nil : $0.normBounds[layer - 1] })
    object["refined_pruned_part_bounds"] = Self.rows(refined?.prunedPartBounds[layer - 1] ?? [])
    return .object(object)
  }

  private static func rows(_ table: [NamedBound]) -> JSONValue {
    if table.isEmpty { return .null }
    var rows = JSONObject()
    for bound in table { rows[bound.name.rawValue] = number(bound.value) }
    return .object(rows)
  }

  private static func parameter(_ name: String, _ value: String) -> JSONValue {
    let isNumber = ["degrees_of_freedom", "scale", "alpha", "delta", "bound_factor", "input_count"]
    return isNumber.contains(name) ? number(Double(value)) : .string(value)
  }

  private static func count(_ value: Int?) -> JSONValue {
    value.map { .number(.natural(UInt64($0))) } ?? .null
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
    for name in NetworkBounds.Name.allCases {
      add(name.title + " bound", Self.short(theory.bounds[name.rawValue]) + scaled + remark(name))
    }
    add("mean-field rms", Self.short(theory.meanField) + " (a prediction, not a bound)")
    if let ball, let logEta = ball.logEta {
      add("union bound", "\(ball.events) events at eta = \(Self.short(exp(logEta)))")
    }
    if !cell.satisfiesHypotheses {
      add("hypotheses", "not satisfied: the bounds are those of gaussian weights of this variance")
    }
    return table.text(coloured: false) + "\n" + layerTable
      + "\n" + BoundNotes.whose + "\n"
  }

  /// What is particular to a bound.
  private func remark(_ name: NetworkBounds.Name) -> String {
    guard let network = theory.network else { return "" }
    switch name {
    case .ball: return network.ball.isVacuous ? ", vacuous" : ""
    case .sharpPoint: return network.sharpPoint?.order.map { " by the moment of order \($0)" } ?? ""
    case .netBall:
      guard let radius = network.netBall?.radius, let order = network.netBall?.order else {
        return ""
      }
      return " by balls of radius \(Self.short(radius)) and the moment of order \(order)"
    default: return ""
    }
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
        String(layer), String(cell.design.shapes[layer - 1].weightRows),
        String(cell.design.shapes[layer - 1].weightColumns),
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
