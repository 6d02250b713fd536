import ExperimentKit

/// A row of `trials.csv`: a trial with the experiment's seed and its cell.
public struct TrialRow: Sendable {
  let record: TrialRecord
  let cell: Cell
  let seed: UInt64

  /// - Parameters:
  ///   - record: the trial.
  ///   - configuration: the experiment it belongs to.
  public init(_ record: TrialRecord, of configuration: Configuration) {
    self.record = record
    cell = configuration.cells[record.cell]
    seed = configuration.seed
  }
}

/// The columns of `trials.csv`.
public enum TrialColumns {
  /// The columns of a kind of experiment, in order.
  public static func all(_ kind: ExperimentKind) -> [Column<TrialRow>] {
    address + ofCell + measured(kind)
  }

  static let address: [Column<TrialRow>] = [
    Column("cell", count: { $0.record.cell }), Column("trial", count: { $0.record.trial }),
  ]

  /// The columns that are the same in all rows of a cell.
  static let ofCell: [Column<TrialRow>] =
    [Column("seed", text: { String($0.seed) })] + parameterColumns(\TrialRow.cell) + [
      Column("pruned", count: { $0.cell.prunedCount })
    ]

  static func measured(_ kind: ExperimentKind) -> [Column<TrialRow>] {
    kind.quantities.map { quantity in
      quantity.isCount
        ? Column(quantity.rawValue, count: { $0.record.value(quantity).map { Int($0) } })
        : Column(quantity.rawValue, real: { $0.record.value(quantity) })
    } + [Column("status", text: { $0.record.status })]
  }

  /// The parameter columns of a row that knows its cell.
  static func parameterColumns<Row>(
    _ cell: @escaping @Sendable (Row) -> Cell
  ) -> [Column<Row>] {
    Cell.parameterNames.enumerated().map { index, name in
      Column(name, text: { cell($0).parameters[index] })
    }
  }
}
