import ExperimentKit
import Foundation
import PruningBounds
import PruningModel

/// One trial recomputed, bound by bound, for `prunebounds replay`: how one looks into a surprising
/// row.
public struct ReplayReport {
  private let cell: Cell
  private let record: TrialRecord
  private let inspection: TrialInspection?
  private let configuration: Configuration
  private let theory: CellTheory

  /// Recomputes a trial.
  ///
  /// - Parameters:
  ///   - configuration: the experiment.
  ///   - cell: the cell's number.
  ///   - trial: the trial's index.
  public init(_ configuration: Configuration, cell: Int, trial: Int) {
    self.configuration = configuration
    self.cell = configuration.cells[cell]
    theory = CellTheory(self.cell)
    let design = self.cell.design
    let address = configuration.address(cell: cell, trial: trial)
    do throws(TrialFailure) {
      let inspection = try TrialInspection(design, at: address)
      self.inspection = inspection
      record = TrialRecord(cell: cell, trial: trial, outcome: .success(inspection.measurement))
    } catch {
      inspection = nil
      record = TrialRecord(cell: cell, trial: trial, outcome: .failure(error))
    }
  }

  /// The trial's row of `trials.csv`, then its measurements against the cell's bounds, then its
  /// layers against theirs.
  public var text: String {
    let columns = TrialColumns.all(cell.kind)
    var text = columns.header() + columns.line(TrialRow(record, of: configuration)) + "\n"
    text += comparison
    if let inspection { text += "\n" + layers(inspection) }
    return text
  }

  private var comparison: String {
    var table = TextTable()
    add(&table, ["bound on", "measured", "certificate", "bound", "bound / measured", ""])
    for name in cell.kind.bounds {
      guard let bound = theory.bounds[name] else { continue }
      let value = cell.kind.estimates(of: name).lazy.compactMap { record.value($0) }.first
      let certificate = cell.kind.certificate(of: name).flatMap { record.value($0) }
      let isAbove = value.map { $0 > bound * (1 + 1e-4) } ?? false
      add(
        &table,
        [
          name, short(value), short(certificate), short(bound),
          short(value.flatMap { $0 > 0 ? bound / $0 : nil }), isAbove ? "above the bound" : "",
        ])
    }
    return table.text(coloured: false)
  }

  /// Norms are shown beside the ball bound's for that layer; the threshold beside the one its pruned
  /// part's bound uses.
  private func layers(_ inspection: TrialInspection) -> String {
    var table = TextTable()
    add(
      &table,
      [
        "layer", "rows", "columns", "pruned", "|W|", "|w|", "bound", "|pruned part|", "bound",
        "threshold", "row count", "column count", "largest signal", "largest error",
      ])
    for (index, layer) in inspection.layers.enumerated() {
      let design = cell.design
      let bounds = theory.network?.ball
      let norms = bounds?.normBounds ?? []
      let table2 = bounds?.prunedPartBounds[index] ?? []
      add(
        &table,
        [
          String(index + 1), String(design.shapes[index].weightRows),
          String(design.shapes[index].weightColumns),
          String(design.prunedCounts[index]), short(layer.norms.norm), short(layer.norms.keptNorm),
          short(norms.isEmpty ? theory.bounds["norm"] : norms[index]),
          short(layer.norms.prunedNorm),
          short(table2.map(\.value).min()), short(layer.norms.threshold),
          String(layer.norms.maxRowCount), String(layer.norms.maxColumnCount),
          short(layer.largestSignal), short(layer.largestError),
        ])
    }
    return table.text(coloured: false)
  }

  private func add(_ table: inout TextTable, _ fields: [String]) {
    table.append(fields.map { TextTable.Field($0) })
  }

  private func short(_ value: Double?) -> String {
    value.map { String(format: "%.6g", $0) } ?? "-"
  }
}
