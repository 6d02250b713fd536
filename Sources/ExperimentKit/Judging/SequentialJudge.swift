import Foundation
import PruningBounds
import PruningModel

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

    /// Takes a trial's error and certificate; nil where it failed.
    mutating func observe(_ error: Double?, certificate: Double?, certifies: Bool) {
      guard verdict == .undecided else { return }
      let exceeds = error.map { Judge.exceeds($0, bound: bound) }
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

  private(set) var ball: Pair?
  private(set) var point: Pair?
  /// The trials taken, none of them past the decision.
  private(set) var trials = 0
  private let certifies: Bool

  /// - Parameters:
  ///   - cell: the cell; nothing is judged where its hypotheses fail.
  ///   - level: of each test.
  init(_ cell: Cell, level: Double) {
    certifies = cell.design.measures.certificate
    guard cell.satisfiesHypotheses, let hypotheses = cell.hypotheses else { return }
    func pair(_ bound: Double) -> Pair? {
      let bound = bound * cell.boundFactor
      return bound.isFinite ? Pair(bound: bound, delta: cell.delta, level: level) : nil
    }
    ball = pair(BallBound(hypotheses, logDelta: log(cell.delta)).value)
    point = pair(PointBound(hypotheses, logDelta: log(cell.delta)).value)
  }

  /// The level of each test of an experiment.
  static func level(_ configuration: Configuration) -> Double {
    let pairs = 2 * configuration.cells.count { $0.satisfiesHypotheses }
    return configuration.level / Double(3 * max(1, pairs))
  }

  /// Whether every bound of the cell is decided; never, where there is nothing to judge.
  var isDecided: Bool {
    let verdicts = [ball, point].compactMap { $0?.verdict }
    return !verdicts.isEmpty && !verdicts.contains(.undecided)
  }

  /// Takes the next trial.
  ///
  /// - Returns: false if it comes after the decision and is to be dropped.
  mutating func observe(_ record: TrialRecord) -> Bool {
    if isDecided { return false }
    let errors = record.errors
    ball?.observe(
      errors.map { $0.ballLower ?? $0.maximum }, certificate: errors?.certificate,
      certifies: certifies)
    point?.observe(errors?.point, certificate: nil, certifies: false)
    trials += 1
    return true
  }
}
