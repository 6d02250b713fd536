/// Every trial of an experiment, on disk.
public struct FinishedTrials: TrialSource {
  /// The experiment.
  public let configuration: Configuration
  private let table: RecordTable
  /// The trials of each cell.
  private let counts: [Int]
  /// Where the table has the rows of each cell.
  private let places: [Int]

  /// - Parameters:
  ///   - configuration: the experiment.
  ///   - table: its rows.
  ///   - counts: the trials of each cell.
  ///   - places: where the table has the rows of each cell; nil for those of its series.
  init(
    _ configuration: Configuration, _ table: RecordTable, counts: [Int], places: [Int]? = nil
  ) {
    (self.configuration, self.table, self.counts) = (configuration, table, counts)
    self.places = places ?? configuration.seriesOfCell
  }

  /// The trials of all cells together.
  public var count: Int { counts.reduce(0, +) }

  /// The trials of a cell.
  public func count(ofCell cell: Int) -> Int { counts[cell] }

  /// Calls `body` with each trial of a cell, in order.
  public func forEachRecord(
    ofCell cell: Int, _ body: (TrialRecord) throws(ResultsFolderError) -> Void
  ) throws(ResultsFolderError) {
    try forEachRecord(ofCell: cell, 0..<counts[cell], body)
  }

  /// Calls `body` with each trial of a range of a cell's, in order.
  public func forEachRecord(
    ofCell cell: Int, _ range: Range<Int>,
    _ body: (TrialRecord) throws(ResultsFolderError) -> Void
  ) throws(ResultsFolderError) {
    try table.forEach(series: places[cell], range) {
      trial, outcome throws(ResultsFolderError) in
      try body(TrialRecord(cell: cell, trial: trial, outcome: outcome))
    }
  }
}
