import ExperimentKit

/// A row of `curves.csv`: what theory says of a cell of the refined grid.
public struct CurveRow: Sendable {
  let cell: Cell
  let theory: CellTheory

  /// - Parameter cell: of the refined grid.
  public init(_ cell: Cell) { (self.cell, theory) = (cell, CellTheory(cell)) }
}

/// The columns of `curves.csv`, named as those of `summary.csv`.
public enum CurveColumns {
  /// The columns of a kind of experiment, in order.
  public static func all(_ kind: ExperimentKind) -> [Column<CurveRow>] {
    TrialColumns.parameterColumns(\CurveRow.cell)
      + (kind == .network ? [Column("mean_field_rms", real: { $0.theory.meanField })] : [])
      + kind.bounds.map { name in Column(name + "_bound", real: { $0.theory.bounds[name] }) }
  }
}
