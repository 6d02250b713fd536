import ExperimentKit
import PruningBounds

/// The columns of `summary.csv`; `compare` draws from the same.
public enum SummaryColumns {
  /// The columns, in order.
  public static let all: [Column<CellSummary>] =
    [Column("cell", count: { $0.index })] + TrialColumns.parameterColumns(\CellSummary.cell) + [
      Column("trials", count: { $0.trials }),
      Column("failed", count: { $0.failed }),
    ] + errors("point_error", \.point) + errors("max_error", \.maximum)
    + errors("ball_lower", \.ballLower) + errors("certificate", \.certificate) + [
      Column("rms_error", real: { $0.rootMeanSquare }),
      Column("rms_error_se", real: { $0.rootMeanSquareError }),
      Column("mean_field_rms", real: { $0.meanField }),
    ] + bounds("ball", \.ball) + bounds("point", \.pointBound) + [
      Column("ball_certificate_violations", count: { $0.ball?.certificateViolations }),
      Column("ball_vacuous", text: { $0.isVacuous.map { $0 ? "true" : "false" } ?? "" }),
    ]

  private static let errorSuffixes = [
    "_mean", "_se", "_quantile", "_quantile_low", "_quantile_high",
  ]

  private static func errors(
    _ name: String, _ error: @escaping @Sendable (CellSummary) -> ErrorSummary?
  ) -> [Column<CellSummary>] {
    let values: [@Sendable (ErrorSummary) -> Double?] = [
      { $0.mean }, { $0.standardError }, { $0.quantile.value }, { $0.quantile.low },
      { $0.quantile.high },
    ]
    return zip(errorSuffixes, values).map { suffix, value in
      Column(name + suffix, real: { error($0).flatMap(value) })
    }
  }

  private static func bounds(
    _ name: String, _ bound: @escaping @Sendable (CellSummary) -> BoundSummary?
  ) -> [Column<CellSummary>] {
    [
      Column(name + "_bound", real: { bound($0)?.bound }),
      Column(name + "_violations", count: { bound($0)?.violations }),
      Column(name + "_violation_upper", real: { bound($0)?.violationUpper }),
      Column(
        name + "_verdict",
        text: { row in
          // Without a bound there is nothing to judge; outside the hypotheses that is said.
          bound(row)?.verdict.rawValue
            ?? (row.cell.satisfiesHypotheses ? "" : Verdict.outsideHypotheses.rawValue)
        }),
      Column(name + "_tightness", real: { bound($0)?.tightness }),
      Column(name + "_trials_needed", count: { bound($0)?.trialsNeeded }),
    ]
  }
}
