import ExperimentKit
import PruningBounds

/// The columns of `summary.csv`; `compare` draws from the same.
public enum SummaryColumns {
  /// The columns of a kind of experiment, in order.
  public static func all(_ kind: ExperimentKind) -> [Column<CellSummary>] {
    let network: [Column<CellSummary>] = [
      Column("rms_error", real: { $0.rootMeanSquare }),
      Column("rms_error_se", real: { $0.rootMeanSquareError }),
      Column("mean_field_rms", real: { $0.meanField }),
    ]
    let ball: [Column<CellSummary>] = [
      Column("ball_certificate_violations", count: { $0.bounds["ball"]?.certificateViolations }),
      Column("ball_vacuous", text: { $0.isVacuous.map { $0 ? "true" : "false" } ?? "" }),
      Column(
        "net_ball_certificate_violations",
        count: { $0.bounds["net_ball"]?.certificateViolations }),
      Column(
        "refined_ball_certificate_violations",
        count: { $0.bounds["refined_ball"]?.certificateViolations }),
    ]
    return [Column("cell", count: { $0.index })]
      + TrialColumns.parameterColumns(\CellSummary.cell) + [
        Column("trials", count: { $0.trials }),
        Column("failed", count: { $0.failed }),
      ] + kind.summarised.flatMap(errors) + (kind == .network ? network : [])
      + kind.bounds.flatMap(bounds) + (kind == .network ? ball : [])
  }

  private static func errors(_ quantity: Quantity) -> [Column<CellSummary>] {
    let values: [(String, @Sendable (ErrorSummary) -> Double?)] = [
      ("_mean", { $0.mean }), ("_se", { $0.standardError }),
      ("_quantile", { $0.quantile.value }), ("_quantile_low", { $0.quantile.low }),
      ("_quantile_high", { $0.quantile.high }),
    ]
    return values.map { suffix, value in
      Column(quantity.rawValue + suffix, real: { $0.errors[quantity].flatMap(value) })
    }
  }

  private static func bounds(_ name: String) -> [Column<CellSummary>] {
    [
      Column(name + "_bound", real: { $0.bounds[name]?.bound }),
      Column(name + "_violations", count: { $0.bounds[name]?.violations }),
      Column(name + "_violation_upper", real: { $0.bounds[name]?.violationUpper }),
      Column(
        name + "_verdict",
        text: { row in
          // Without a bound there is nothing to judge; outside the hypotheses that is said.
          row.bounds[name]?.verdict.rawValue
            ?? (row.cell.satisfiesHypotheses ? "" : Verdict.outsideHypotheses.rawValue)
        }),
      Column(name + "_tightness", real: { $0.bounds[name]?.tightness }),
      Column(name + "_trials_needed", count: { $0.bounds[name]?.trialsNeeded }),
    ]
  }
}
