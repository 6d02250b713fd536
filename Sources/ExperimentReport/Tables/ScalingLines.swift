import ExperimentKit
import Foundation

/// The lines of `compare` that say how errors fall with the width, drawn from `scaling.csv`.
struct ScalingLines {
  private let scaling: CSVTable

  /// - Returns: nil if the table lacks a column.
  init?(_ scaling: CSVTable) {
    guard Set(ScalingColumns.all.map(\.name)).isSubset(of: scaling.names) else { return nil }
    self.scaling = scaling
  }

  /// One line a fit, aligned, and an empty line; nothing without fits.
  func text(coloured: Bool) -> String {
    guard !scaling.records.isEmpty else { return "" }
    let varying = Cell.parameterNames.filter { name in
      Set(scaling.records.map { $0[name] ?? "" }).count > 1
    }
    var table = TextTable()
    let heads =
      ["scaling with d", "widths"] + varying.filter { $0 != "widths" }
      + ["slope", "theory", "at most C d^-alpha"]
    table.append(heads.map { TextTable.Field($0, style: .bold) })
    for record in scaling.records {
      let slope = Self.short(record["slope"])
      let error = Self.short(record["slope_se"], digits: 2)
      let fields =
        [record["quantity"] ?? "", record["widths"] ?? ""]
        + varying.filter { $0 != "widths" }.map { record[$0] ?? "" } + [
          slope + (error.isEmpty ? "" : " ± " + error),
          Self.short(record["expected_slope"]).isEmpty
            ? "-" : Self.short(record["expected_slope"]),
          "C = " + Self.short(record["paper_constant"]),
        ]
      table.append(fields.map { TextTable.Field($0) })
    }
    return table.text(coloured: coloured) + "\n"
  }

  private static func short(_ field: String?, digits: Int = 4) -> String {
    field.flatMap(Double.init).map { String(format: "%.\(digits)g", $0) } ?? ""
  }
}
