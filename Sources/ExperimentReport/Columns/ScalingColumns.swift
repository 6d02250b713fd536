import ExperimentKit

/// The columns of `scaling.csv`.
public enum ScalingColumns {
  /// The columns, in order.
  public static let all: [Column<Scaling>] =
    Cell.parameterNames.enumerated().map { index, name in
      Column(name, text: { $0.parameters[index] })
    } + [
      Column("quantity", text: { $0.quantity }),
      Column("width_count", count: { $0.widths }),
      Column("slope", real: { $0.slope }),
      Column("slope_se", real: { $0.slopeError }),
      Column("expected_slope", real: { $0.expectedSlope }),
      Column("paper_constant", real: { $0.paperConstant }),
    ]
}
