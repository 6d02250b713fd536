import PruningModel

/// How far a run is.
public struct RunProgress: Sendable {
  /// The trials there are.
  public let done: Int
  /// The trials in sight, of all cells.
  public let total: Int
  /// What is left of the work of those that were missing, as a share: dear trials come first.
  public let workLeft: Double
  /// Those that failed, of those there are; of a shard, of those computed now.
  public let failed: Int
  /// What the verdicts would be if there were no more trials, and how often; without those outside the
  /// hypotheses.
  public let verdicts: [(verdict: Verdict, count: Int)]
}

extension Verdict {
  /// How often each occurs, those that do.
  static func counts(_ verdicts: [Verdict]) -> [(verdict: Verdict, count: Int)] {
    allCases.map { verdict in (verdict, verdicts.count { $0 == verdict }) }.filter { $0.1 > 0 }
  }
}

/// Judges the trials of a run as they come, in whatever order, for the one who watches it.
struct RunningVerdicts {
  private let configuration: Configuration
  private let layout: RecordLayout
  private let cellsOfSeries: [[Int]]
  private var tallies: [CellTally]
  private(set) var failed = 0
  private var last: (time: ContinuousClock.Instant, verdicts: [(verdict: Verdict, count: Int)])?
  /// Judging takes some milliseconds.
  private static let period = Duration.milliseconds(500)

  init(_ configuration: Configuration) {
    self.configuration = configuration
    layout = RecordLayout(configuration)
    cellsOfSeries = configuration.series.indices.map { series in
      configuration.cells.indices.filter { configuration.seriesOfCell[$0] == series }
    }
    CellTheory.prepare(configuration.cells)
    tallies = configuration.cells.map { CellTally($0, bounds: CellTheory($0).bounds) }
  }

  /// Takes rows of a series.
  mutating func observe(_ bytes: [UInt8], series: Int) {
    for start in stride(from: 0, to: bytes.count, by: layout.byteCount) {
      guard let outcome = layout.outcome(bytes, at: start) else { continue }
      observe(outcome, series: series)
    }
  }

  /// Takes a trial of a series.
  mutating func observe(_ outcome: Result<TrialMeasurement, TrialFailure>, series: Int) {
    if case .failure = outcome { failed += 1 }
    for cell in cellsOfSeries[series] {
      tallies[cell].observe(TrialRecord(cell: cell, trial: 0, outcome: outcome))
    }
  }

  /// The verdicts of the trials so far, and how often; those of half a second ago at the oldest.
  mutating func verdicts() -> [(verdict: Verdict, count: Int)] {
    if let last, ContinuousClock.now - last.time < Self.period { return last.verdicts }
    var samples: [Sample] = []
    for (cell, tally) in zip(configuration.cells, tallies) where cell.satisfiesHypotheses {
      for name in CellTheory(cell).bounds.keys { samples.append(Sample(tally, cell, bound: name)) }
    }
    let verdicts = Verdict.counts(Judge(level: configuration.level).verdicts(samples).verdicts)
    last = (ContinuousClock.now, verdicts)
    return verdicts
  }
}
