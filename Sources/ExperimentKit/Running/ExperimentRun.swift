import Foundation

/// A run of an experiment, or of a shard of it, in its results folder: computes what the journals do
/// not hold yet, and keeps what it computes in a journal of its own.
public final class ExperimentRun {
  private let configuration: Configuration
  private let folder: ResultsFolder
  private let shard: Shard?
  /// The number of queues.
  public let threads: Int
  private let runner: ExperimentRunner
  private let journal: JournalWriter
  /// Held as long as the run lives.
  private let lock: FileLock
  private var collection: JournalCollection
  private var lastSynchronized = ContinuousClock.now
  /// The trials that were computed, not found.
  public private(set) var computed = 0
  /// What was damaged in the journals, a line each.
  public let damage: [String]

  /// The longest that computed trials are not on the disk.
  private static let synchronization = Duration.seconds(1)

  /// Takes the folder's lock, creates what is missing, and reads the journals.
  ///
  /// - Parameters:
  ///   - configuration: the experiment.
  ///   - folder: its results folder; created if it is not there.
  ///   - shard: the part to compute; nil for everything that no journal holds.
  ///   - threads: the number of queues, at least 1.
  ///   - willClear: if given, earlier results and journals are removed, and it is told of each.
  /// - Throws: a conflict if the folder is another experiment's or another run is at work in it.
  public init(
    _ configuration: Configuration, in folder: ResultsFolder, shard: Shard? = nil, threads: Int,
    removing willClear: ((String) -> Void)? = nil
  ) throws(ResultsFolderError) {
    (self.configuration, self.folder, self.shard) = (configuration, folder, shard)
    self.threads = threads
    do throws(ConfigurationError) {
      runner = try ExperimentRunner(configuration, threads: threads)
    } catch {
      throw .conflict(error.description)
    }
    let journals = JournalFolder(results: folder.path)
    if willClear == nil { try folder.check(configuration) }
    try folder.create(journals.path)
    guard let lock = try FileLock(journals.lockPath, shard == nil ? .exclusive : .shared) else {
      throw .inputOutput(
        "\(folder.path): another run is at work here; wait for it, or name another folder with "
          + "--output")
    }
    self.lock = lock
    if let willClear { try folder.clear(willClear) }
    let path = journals.journal(of: shard)
    guard let own = try FileLock(path, .exclusive) else {
      throw .inputOutput(
        "\(path): another run of this shard is at work; wait for it, or name another shard")
    }
    // Shards need no rows, only what there is.
    collection = try JournalCollection(configuration, tableIn: shard == nil ? folder.path : nil)
    let findings = try collection.read(journals)
    damage = findings.flatMap(\.damageLines)
    try folder.save(configuration, exclusively: shard == nil)
    let end = findings.first { $0.path == path }?.end ?? 0
    journal = try JournalWriter(path, lock: own, end: end)
    try journal.append([.session(Session(configuration, shard: shard).text)])
  }

  /// The trials that there are to be: of a shard, its own.
  private func goal(series: Int) -> RangeSet<Int> {
    RangeSet(
      shard.map { $0.trials(ofSeries: series, of: configuration.trials) }
        ?? 0..<configuration.trials)
  }

  /// Computes what is missing.
  ///
  /// - Parameters:
  ///   - stop: the trials that are running when it is made are the last.
  ///   - progress: called several times a second.
  /// - Returns: every trial; nil of a shard, and if the run was stopped.
  /// - Throws: what kept the rows from being written; what was written before is kept.
  public func compute(
    stop: StopRequest = StopRequest(), progress: ((RunProgress) -> Void)? = nil
  ) throws(ResultsFolderError) -> FinishedTrials? {
    if configuration.untilDecided && shard == nil {
      return try computeUntilDecided(stop: stop, progress: progress)
    }
    try compute(configuration.series.indices.map(goal), stop: stop, progress: progress)
    return try collection.finished()
  }

  /// Runs rounds of trials in all undecided cells, each round half as many again; what turns out to
  /// lie past a decision stays in the journal, so that rounds and threads leave no trace in the
  /// results.
  private func computeUntilDecided(
    stop: StopRequest, progress: ((RunProgress) -> Void)?
  ) throws(ResultsFolderError) -> FinishedTrials? {
    guard let table = collection.table else { return nil }
    var judges = SequentialJudge.judges(of: configuration)
    var goal = 64
    while true {
      goal = min(goal, configuration.trials)
      let open = judges.indices.filter { !judges[$0].isDecided && judges[$0].trials < goal }
      guard !open.isEmpty else { break }
      var wanted = configuration.series.map { _ in RangeSet<Int>() }
      for cell in open {
        wanted[configuration.seriesOfCell[cell]].insert(contentsOf: judges[cell].trials..<goal)
      }
      try compute(wanted, stop: stop, progress: progress, judges: judges)
      // A stop that came after the last trial of a round is met in the next.
      guard zip(wanted, collection.present).allSatisfy({ $0.subtracting($1).isEmpty }) else {
        return nil
      }
      for cell in open {
        try table.forEach(series: configuration.seriesOfCell[cell], judges[cell].trials..<goal) {
          _ = judges[cell].observe(TrialRecord(cell: cell, trial: $0, outcome: $1))
        }
      }
      goal += goal / 2
    }
    return FinishedTrials(configuration, table, counts: judges.map(\.trials))
  }

  private func compute(
    _ wanted: [RangeSet<Int>], stop: StopRequest, progress: ((RunProgress) -> Void)?,
    judges: [SequentialJudge]? = nil
  ) throws(ResultsFolderError) {
    let missing = zip(wanted, collection.present).map { $0.subtracting($1) }
    let total = wanted.reduce(0) { $0 + $1.trialCount }
    var done = total - missing.reduce(0) { $0 + $1.trialCount }
    let costs = configuration.series.map { WorkList.cost($0.design) }
    let work = zip(missing, costs).reduce(0) { $0 + Double($1.0.trialCount) * $1.1 }
    var workDone = 0.0
    var watch = progress == nil ? nil : try watch(wanted)
    try runner.run(missing, stop: stop) { finished throws(ResultsFolderError) in
      var frames: [JournalFrame] = []
      for rows in finished {
        let piece = rows.piece
        let block = JournalFrame.RowBlock(
          key: configuration.series[piece.series].key, first: piece.trials.lowerBound,
          count: piece.trials.count, bytes: rows.bytes)
        frames.append(.rows(block))
        try collection.insert(block, series: piece.series)
        done += piece.trials.count
        workDone += Double(piece.trials.count) * costs[piece.series]
        watch?.observe(rows.bytes, series: piece.series)
        computed += piece.trials.count
      }
      try journal.append(frames)
      if ContinuousClock.now - lastSynchronized > Self.synchronization {
        try journal.synchronize()
        lastSynchronized = .now
      }
      guard let progress, let failed = watch?.failed else { return }
      let verdicts = judges.map { Verdict.counts($0.flatMap(\.verdicts)) } ?? watch?.verdicts()
      progress(
        RunProgress(
          done: done, total: total, workLeft: work > 0 ? 1 - workDone / work : 0, failed: failed,
          verdicts: shard == nil ? verdicts ?? [] : []))
    }
    try journal.synchronize()
  }

  /// What is known of the trials of a goal, for one who watches; a shard knows its journal's no more.
  private func watch(_ wanted: [RangeSet<Int>]) throws(ResultsFolderError) -> RunningVerdicts {
    var watch = RunningVerdicts(configuration)
    guard let table = collection.table else { return watch }
    for series in wanted.indices {
      // Of a round, all trials before it too.
      let end = wanted[series].ranges.last?.upperBound ?? 0
      for range in collection.present[series].intersection(RangeSet(0..<end)).ranges {
        try table.forEach(series: series, range) { watch.observe($1, series: series) }
      }
    }
    return watch
  }

  /// The trials that there are and those that there are to be, for a message.
  public var standing: (done: Int, total: Int) {
    let wanted = configuration.series.indices.map(goal)
    let done = zip(wanted, collection.present).map { $0.intersection($1).trialCount }
    return (done.reduce(0, +), wanted.reduce(0) { $0 + $1.trialCount })
  }
}

extension RangeSet<Int> {
  /// The number of elements.
  var trialCount: Int { ranges.reduce(0) { $0 + $1.count } }
}
