import ExperimentKit
import PruningBounds

/// A row of `survival.csv`: a point of a quantity's survival curve in a cell.
public struct SurvivalRow: Sendable {
  let cell: Int
  let quantity: Quantity
  let point: SurvivalPoint

  /// The rows of a cell.
  static func all(of summary: CellSummary) -> [SurvivalRow] {
    summary.cell.kind.summarised.flatMap { quantity in
      (summary.errors[quantity]?.survival ?? []).map {
        SurvivalRow(cell: summary.index, quantity: quantity, point: $0)
      }
    }
  }
}

/// The columns of `survival.csv`.
public enum SurvivalColumns {
  /// The columns, in order.
  public static let all: [Column<SurvivalRow>] = [
    Column("cell", count: { $0.cell }),
    Column("quantity", text: { $0.quantity.rawValue }),
    Column("value", real: { $0.point.value }),
    Column("survival", real: { $0.point.survival }),
    Column("survival_low", real: { $0.point.low }),
    Column("survival_high", real: { $0.point.high }),
  ]
}
