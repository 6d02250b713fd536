/// Single trials, run once more.
public struct Recomputation {
  private let configuration: Configuration
  private let runner: ExperimentRunner

  /// - Parameters:
  ///   - configuration: the experiment.
  ///   - threads: the number of queues, at least 1.
  /// - Throws: an error if the workers' memory exceeds the machine's.
  public init(_ configuration: Configuration, threads: Int) throws(ConfigurationError) {
    self.configuration = configuration
    runner = try ExperimentRunner(configuration, threads: threads)
  }

  /// Runs trials of a cell once more.
  ///
  /// - Returns: their records by the trial's index.
  public func records(
    ofCell cell: Int, _ trials: RangeSet<Int>
  ) throws(ResultsFolderError) -> [Int: TrialRecord] {
    var wanted = configuration.series.map { _ in RangeSet<Int>() }
    wanted[configuration.seriesOfCell[cell]] = trials
    let layout = RecordLayout(configuration)
    var records: [Int: TrialRecord] = [:]
    try runner.run(wanted, stop: StopRequest()) { finished in
      for rows in finished {
        for (row, trial) in rows.piece.trials.enumerated() {
          records[trial] = layout.outcome(rows.bytes, at: row * layout.byteCount).map {
            TrialRecord(cell: cell, trial: trial, outcome: $0)
          }
        }
      }
    }
    return records
  }
}
