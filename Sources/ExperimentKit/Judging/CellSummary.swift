import Foundation
import PruningBounds

/// Mean, quantile and survival curve of one quantity over the trials of a cell that did not fail.
public struct ErrorSummary: Sendable {
  /// The mean.
  public let mean: Double
  /// Its standard error; nil for a single trial.
  public let standardError: Double?
  /// The (1 − δ)-quantile with its interval.
  public let quantile: QuantileEstimate
  /// The share of trials above a value, with a band for the whole curve at 1 − λ.
  public let survival: [SurvivalPoint]
}

/// A bound of a cell beside what was measured.
public struct BoundSummary: Sendable {
  /// The bound times `boundFactor`.
  public let bound: Double
  /// Trials whose value is above it.
  public let violations: Int
  /// Trials whose certificate is above it; nil without certificates.
  public let certificateViolations: Int?
  /// One-sided limit of the violation rate at 1 − λ, failed trials counted as violations: Clopper and
  /// Pearson's, or the confidence sequence's where trials end when they decide.
  public let violationUpper: Double
  /// Bound over measured quantile; nil at quantile 0.
  public let tightness: Double?
  /// What the simulation says of the bound.
  public internal(set) var verdict: Verdict
  /// How many further trials without a violation would decide, where undecided.
  public internal(set) var trialsNeeded: Int?
}

/// One row of `summary.csv`: a cell's trials, its predictions and its verdicts.
public struct CellSummary: Sendable {
  /// The cell's number.
  public let index: Int
  /// The cell.
  public let cell: Cell
  /// All trials.
  public let trials: Int
  /// Those that failed.
  public let failed: Int
  /// Each quantity that was measured.
  public let errors: [Quantity: ErrorSummary]
  /// The root mean square over all trials and inputs.
  public let rootMeanSquare: Double?
  /// Its standard error, by the delta method.
  public let rootMeanSquareError: Double?
  /// The mean-field prediction of `rootMeanSquare`.
  public let meanField: Double?
  /// Each bound there is, by name.
  public internal(set) var bounds: [String: BoundSummary]
  /// Whether the ball bound exceeds the sum of the two networks' own bounds.
  public let isVacuous: Bool?

  /// - Parameters:
  ///   - index: the cell's number.
  ///   - source: the experiment's trials.
  init(index: Int, of source: some TrialSource) throws(ResultsFolderError) {
    let configuration = source.configuration
    let (cell, level) = (configuration.cells[index], configuration.level)
    let theory = CellTheory(cell)
    var tally = CellTally(cell, bounds: theory.bounds)
    try source.forEachRecord(ofCell: index) { tally.observe($0) }
    var spreads = cell.kind.quantities.compactMap { quantity in
      tally[quantity].map { SampleSpread($0, delta: cell.delta, level: level) }
    }
    var squareSpread = SquaredDeviations(mean: tally.squares.mean)
    for pass in 0..<OrderStatistics.passes {
      try source.forEachRecord(ofCell: index) { record in
        for place in spreads.indices {
          if let value = record.value(spreads[place].quantity) {
            spreads[place].observe(value, pass: pass)
          }
        }
        if pass == 0, let error = record.value(.rmsError) { squareSpread.observe(error * error) }
      }
      for place in spreads.indices { spreads[place].endPass() }
    }
    self.index = index
    self.cell = cell
    trials = tally.trials
    failed = tally.failed
    let errors = Dictionary(uniqueKeysWithValues: spreads.map { ($0.quantity, $0.summary) })
    self.errors = errors
    if tally.squares.count == 0 {
      (rootMeanSquare, rootMeanSquareError) = (nil, nil)
    } else {
      let root = tally.squares.mean.squareRoot()
      rootMeanSquare = root
      rootMeanSquareError = squareSpread.standardError.map { root > 0 ? $0 / (2 * root) : 0 }
    }
    meanField = theory.meanField
    isVacuous = theory.network?.ball.isVacuous
    let limit = configuration.untilDecided ? AnytimeTest.upperLimit : ClopperPearson.upperLimit
    bounds = theory.bounds.reduce(into: [:]) { bounds, member in
      let (name, bound) = member
      let estimate = cell.kind.estimates(of: name).first { errors[$0] != nil }
      let violations = estimate.flatMap { tally[$0]?.violations(of: name) } ?? 0
      let quantile = estimate.flatMap { errors[$0]?.quantile.value } ?? 0
      bounds[name] = BoundSummary(
        bound: bound, violations: violations,
        certificateViolations: cell.kind.certificate(of: name).flatMap {
          tally[$0]?.violations(of: name)
        },
        violationUpper: limit(violations + tally.failed, tally.trials, level),
        tightness: quantile > 0 ? bound / quantile : nil,
        verdict: cell.satisfiesHypotheses ? .undecided : .outsideHypotheses, trialsNeeded: nil)
    }
  }

  /// The summaries of all cells, judged together.
  ///
  /// - Parameter source: the experiment's trials; each cell's are read several times and
  ///   never held.
  public static func all(of source: some TrialSource) throws(ResultsFolderError) -> [CellSummary] {
    let configuration = source.configuration
    var summaries: [CellSummary] = []
    for index in configuration.cells.indices {
      summaries.append(try CellSummary(index: index, of: source))
    }
    if configuration.untilDecided {
      try judgeSequentially(&summaries, source)
    } else {
      Judge(level: configuration.level).judge(&summaries)
    }
    return summaries
  }

  /// Repeats the decisions of the run from its records.
  private static func judgeSequentially(
    _ summaries: inout [CellSummary], _ source: some TrialSource
  ) throws(ResultsFolderError) {
    var judges = SequentialJudge.judges(of: source.configuration)
    for index in summaries.indices {
      try source.forEachRecord(ofCell: index) { _ = judges[index].observe($0) }
      for (name, pair) in judges[index].pairs {
        summaries[index].bounds[name]?.verdict = pair.verdict
        summaries[index].bounds[name]?.trialsNeeded = pair.trialsNeeded
      }
    }
  }
}
