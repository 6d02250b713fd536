/// Every trial of an experiment, on disk.
public struct FinishedTrials: TrialSource {
  /// The experiment.
  public let configuration: Configuration
  private let table: RecordTable
  /// The trials of each cell.
  private let counts: [Int]

  init(_ configuration: Configuration, _ table: RecordTable, counts: [Int]) {
    (self.configuration, self.table, self.counts) = (configuration, table, counts)
  }

  /// Calls `body` with each trial of a cell, in order.
  public func forEachRecord(
    ofCell cell: Int, _ body: (TrialRecord) throws(ResultsFolderError) -> Void
  ) throws(ResultsFolderError) {
    try table.forEach(series: configuration.seriesOfCell[cell], 0..<counts[cell]) {
      trial, outcome throws(ResultsFolderError) in
      try body(TrialRecord(cell: cell, trial: trial, outcome: outcome))
    }
  }
}
