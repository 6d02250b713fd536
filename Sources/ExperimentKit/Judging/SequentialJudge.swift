import PruningBounds

/// Judges a cell trial by trial, in the order of their indices, with tests that stay valid although
/// one looks after each: until every bound of the cell is decided.
///
/// Each family of each (cell, bound) pair has a level of its own, λ over the number of pairs and of
/// families (three), so that the probability of any false verdict is at most λ over all.
struct SequentialJudge {
  /// One bound of the cell.
  struct Pair {
    private let bound: Double
    private let level: Double
    private var violated: AnytimeTest
    private var holds: AnytimeTest
    private var certified: AnytimeTest
    private(set) var verdict = Verdict.undecided

    init(bound: Double, delta: Double, level: Double) {
      self.bound = bound
      self.level = level
      (violated, holds, certified) = (
        AnytimeTest(delta: delta), AnytimeTest(delta: delta), AnytimeTest(delta: delta)
      )
    }

    /// Takes a trial's value and certificate, nil where it failed.
    mutating func observe(_ value: Double?, certificate: Double?, certifies: Bool) {
      guard verdict == .undecided else { return }
      let exceeds = value.map { Judge.exceeds($0, bound: bound) }
      violated.observe(exceeds ?? false)
      holds.observe(exceeds ?? true)
      if certifies {
        certified.observe(certificate.map { Judge.exceeds($0, bound: bound) } ?? true)
      }
      if violated.rejection(level: level) == .above {
        verdict = .violated
      } else if certifies && certified.rejection(level: level) == .below {
        verdict = .certified
      } else if holds.rejection(level: level) == .below {
        verdict = .holds
      }
    }

    var trialsNeeded: Int? { verdict == .undecided ? holds.trialsNeeded(level: level) : nil }
  }

  /// The bounds that are judged, by name.
  private(set) var pairs: [String: Pair] = [:]
  /// The trials taken, none of them past the decision.
  private(set) var trials = 0
  private let cell: Cell

  private init(_ cell: Cell, _ bounds: [String: Double], level: Double) {
    self.cell = cell
    pairs = bounds.mapValues { Pair(bound: $0, delta: cell.delta, level: level) }
  }

  /// A judge for each cell; nothing is judged where a cell's hypotheses fail.
  static func judges(of configuration: Configuration) -> [SequentialJudge] {
    let bounds = configuration.cells.map { $0.satisfiesHypotheses ? CellTheory($0).bounds : [:] }
    let count = bounds.reduce(0) { $0 + $1.count }
    let level = configuration.level / Double(3 * max(1, count))
    return zip(configuration.cells, bounds).map { SequentialJudge($0, $1, level: level) }
  }

  /// Whether every bound of the cell is decided; never, where there is nothing to judge.
  var isDecided: Bool {
    !pairs.isEmpty && pairs.values.allSatisfy { $0.verdict != .undecided }
  }

  /// The verdicts of its bounds.
  var verdicts: [Verdict] { pairs.values.map(\.verdict) }

  /// Takes the next trial.
  ///
  /// - Returns: false if it comes after the decision and is to be dropped.
  mutating func observe(_ record: TrialRecord) -> Bool {
    if isDecided { return false }
    for name in pairs.keys {
      let value = cell.kind.estimates(of: name).lazy.compactMap { record.value($0) }.first
      let certificate = cell.kind.certificate(of: name)
      pairs[name]?.observe(
        value, certificate: certificate.flatMap { record.value($0) },
        certifies: certificate.map(cell.measures) ?? false)
    }
    trials += 1
    return true
  }
}
