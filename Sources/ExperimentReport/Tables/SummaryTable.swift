import ExperimentKit

/// A table that is computed from all trials, as it is written.
struct SummaryTable {
  /// Its file.
  let file: ResultsFolder.File
  /// Header and rows, with their ends.
  let lines: [String]

  /// Every table but that of the trials.
  ///
  /// - Parameters:
  ///   - configuration: the experiment.
  ///   - summaries: of all its cells.
  static func all(
    _ configuration: Configuration, _ summaries: [CellSummary]
  ) -> [SummaryTable] {
    let kind = configuration.kind
    let refined = configuration.refined.cells
    CellTheory.prepare(refined)
    return [
      SummaryTable(.summary, SummaryColumns.all(kind), summaries),
      SummaryTable(.scaling, ScalingColumns.all, Scaling.all(of: summaries)),
      SummaryTable(.survival, SurvivalColumns.all, summaries.flatMap(SurvivalRow.all)),
      SummaryTable(.curves, CurveColumns.all(kind), refined.map(CurveRow.init)),
    ]
  }

  private init<Row>(_ file: ResultsFolder.File, _ columns: [Column<Row>], _ rows: [Row]) {
    self.file = file
    lines = [columns.header()] + rows.map { columns.line($0) }
  }
}
