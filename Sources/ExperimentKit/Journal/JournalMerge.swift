/// Unites the journals of a results folder, and of others, into every trial of the experiment.
public struct JournalMerge {
  /// Every trial.
  public let trials: FinishedTrials
  /// The journals read.
  public let journals: Int
  /// What was damaged in them, a line each.
  public let damage: [String]
  /// Held as long as the results are written.
  private let lock: FileLock

  /// Takes the folder's lock and reads the journals.
  ///
  /// - Parameters:
  ///   - configuration: the experiment.
  ///   - folder: the folder that will hold the results; created if it is not there.
  ///   - others: further results folders, of other machines.
  /// - Throws: a conflict if a journal is another experiment's or trials are missing.
  public init(
    _ configuration: Configuration, in folder: ResultsFolder, and others: [ResultsFolder] = []
  ) throws(ResultsFolderError) {
    try folder.check(configuration)
    let own = JournalFolder(results: folder.path)
    try folder.create(own.path)
    guard let lock = try FileLock(own.lockPath, .exclusive) else {
      throw .inputOutput(
        "\(folder.path): a run is at work here; prunebounds status shows how far it is")
    }
    self.lock = lock
    var collection = try JournalCollection(configuration, tableIn: folder.path)
    var findings: [JournalFolder.Findings] = []
    for place in [folder] + others {
      findings += try collection.read(JournalFolder(results: place.path))
    }
    journals = findings.count
    damage = findings.flatMap(\.damageLines)
    guard let trials = try collection.finished() else {
      let present = collection.present.reduce(0) {
        $0 + $1.intersection(RangeSet(0..<configuration.trials)).trialCount
      }
      let total = configuration.series.count * configuration.trials
      let wanted = configuration.untilDecided ? "so many that all cells decide" : "\(total)"
      throw .conflict(
        "\(folder.path): \(findings.count) journals hold \(present) trials, there are to be \(wanted); "
          + "prunebounds status shows what is missing, a run without --shard computes it")
    }
    self.trials = trials
    try folder.save(configuration, exclusively: true)
  }
}

extension JournalCollection {
  /// Every trial of the experiment; nil if some are missing.
  func finished() throws(ResultsFolderError) -> FinishedTrials? {
    guard let table else { return nil }
    let all = 0..<configuration.trials
    if !configuration.untilDecided {
      guard present.allSatisfy({ RangeSet(all).subtracting($0).isEmpty }) else { return nil }
      return FinishedTrials(
        configuration, table, counts: configuration.cells.map { _ in configuration.trials })
    }
    var judges = SequentialJudge.judges(of: configuration)
    for (cell, series) in configuration.seriesOfCell.enumerated() {
      let first = present[series].ranges.first ?? 0..<0
      let known = first.lowerBound == 0 ? first.clamped(to: all) : 0..<0
      try table.forEach(series: series, known) {
        _ = judges[cell].observe(TrialRecord(cell: cell, trial: $0, outcome: $1))
      }
      guard judges[cell].isDecided || known == all else { return nil }
    }
    return FinishedTrials(configuration, table, counts: judges.map(\.trials))
  }
}
