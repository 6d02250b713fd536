/// How far the runs of an experiment are, from its journals; reads while they are written, and in memory
/// that does not grow with the trials.
public struct JournalStatus: Sendable {
  /// Trials of a cell, or of a part of the experiment.
  public struct Count: Sendable, Hashable {
    /// Those that are in a journal.
    public internal(set) var present = 0
    /// Those of them that failed.
    public internal(set) var failed = 0
    /// Those that there are to be, at most where trials end when they decide.
    public let total: Int

    /// Those that are to be computed.
    public var missing: Int { total - present }
  }

  /// What a run does.
  public enum Activity: String, Sendable {
    /// It is at work.
    case running = "at work"
    /// It has computed all there is to compute.
    case done
    /// It ended before.
    case stopped
    /// It has no journal.
    case notStarted = "not started"
  }

  /// One journal, or one that is due.
  public struct Part: Sendable {
    /// The shard; nil for a run of everything.
    public let shard: Shard?
    /// Its trials.
    public let count: Count
    /// What its run does.
    public let activity: Activity
  }

  /// By cell. Cells that differ in what no trial depends on share their trials.
  public let cells: [Count]
  /// All trials that are run.
  public let all: Count
  /// By journal.
  public let parts: [Part]
  /// What is damaged in the journals, a line each.
  public let damage: [String]

  /// Reads the journals of a results folder.
  ///
  /// - Parameters:
  ///   - configuration: the folder's.
  ///   - folder: the folder.
  /// - Throws: a conflict if a journal is another experiment's.
  public init(
    _ configuration: Configuration, in folder: ResultsFolder
  ) throws(ResultsFolderError) {
    let journals = JournalFolder(results: folder.path)
    let layout = RecordLayout(configuration)
    let trials = configuration.trials
    var series = configuration.series.map { _ in Count(total: trials) }
    var known = configuration.series.map { _ in RangeSet<Int>() }
    var (parts, damage): ([Part], [String]) = ([], [])
    for journal in journals.journals {
      let shard = JournalFolder.shard(of: journal)
      let goals = configuration.series.indices.map {
        shard?.trials(ofSeries: $0, of: trials) ?? 0..<trials
      }
      var own = configuration.series.map { _ in RangeSet<Int>() }
      var failed = 0
      let findings = try journals.read(journal, of: configuration) { block, place in
        let stretch = (block.first..<block.first + block.count).clamped(to: 0..<trials)
        let isNew = RangeSet(stretch).subtracting(known[place])
        let isNewHere = RangeSet(stretch).subtracting(own[place])
        series[place].present += isNew.trialCount
        for trial in stretch
        where layout.isFailed(block.bytes, at: (trial - block.first) * layout.byteCount) {
          if isNew.contains(trial) { series[place].failed += 1 }
          if isNewHere.contains(trial) { failed += 1 }
        }
        known[place].insert(contentsOf: stretch)
        own[place].insert(contentsOf: stretch)
      }
      damage += findings.damageLines
      let present = zip(own, goals).reduce(0) { $0 + $1.0.intersection(RangeSet($1.1)).trialCount }
      let total = goals.reduce(0) { $0 + $1.count }
      let isHeld = FileLock.isHeld(journal)
      parts.append(
        Part(
          shard: shard, count: Count(present: present, failed: failed, total: total),
          activity: isHeld ? .running : present == total ? .done : .stopped))
    }
    let shards = parts.compactMap(\.shard)
    // Shards that are due because another of as many has started.
    for count in Set(shards.map(\.count)).sorted() {
      for index in 1...count where !shards.contains(Shard(index, of: count)) {
        let shard = Shard(index, of: count)
        let total = configuration.series.indices.reduce(0) {
          $0 + shard.trials(ofSeries: $1, of: trials).count
        }
        parts.append(Part(shard: shard, count: Count(total: total), activity: .notStarted))
      }
    }
    self.parts = parts
    self.damage = damage
    cells = configuration.seriesOfCell.map { series[$0] }
    all = series.reduce(into: Count(total: series.count * trials)) {
      $0.present += $1.present
      $0.failed += $1.failed
    }
  }
}
