import Foundation
import PruningBounds

/// Mean and quantile of one quantity over the trials of a cell that did not fail.
public struct ErrorSummary: Sendable {
  /// The mean.
  public let mean: Double
  /// Its standard error; nil for a single trial.
  public let standardError: Double?
  /// The (1 − δ)-quantile with its interval.
  public let quantile: QuantileEstimate

  init?(_ values: [Double], delta: Double, level: Double) {
    guard !values.isEmpty else { return nil }
    mean = Self.mean(values)
    standardError = Self.standardError(values)
    quantile = QuantileEstimate(sorted: values.sorted(), delta: delta, level: level)
  }

  static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  static func standardError(_ values: [Double]) -> Double? {
    guard values.count > 1 else { return nil }
    let mean = mean(values)
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (square / Double(values.count - 1) / Double(values.count)).squareRoot()
  }
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
  ///   - cell: the cell.
  ///   - records: its trials.
  ///   - configuration: the experiment, for λ and whether trials end when they decide.
  init(index: Int, cell: Cell, records: ArraySlice<TrialRecord>, of configuration: Configuration) {
    let level = configuration.level
    self.index = index
    self.cell = cell
    trials = records.count
    failed = records.count(where: \.isFailed)
    var values: [Quantity: [Double]] = [:]
    for quantity in cell.kind.quantities {
      values[quantity] = records.compactMap { $0.value(quantity) }
    }
    let errors = values.compactMapValues {
      ErrorSummary($0, delta: cell.delta, level: level)
    }
    self.errors = errors
    let squares = (values[.rmsError] ?? []).map { $0 * $0 }
    if squares.isEmpty {
      (rootMeanSquare, rootMeanSquareError) = (nil, nil)
    } else {
      let root = ErrorSummary.mean(squares).squareRoot()
      rootMeanSquare = root
      rootMeanSquareError = ErrorSummary.standardError(squares).map {
        root > 0 ? $0 / (2 * root) : 0
      }
    }
    let theory = CellTheory(cell)
    meanField = theory.meanField
    isVacuous = theory.network?.ball.isVacuous
    var bounds: [String: BoundSummary] = [:]
    for (name, bound) in theory.bounds {
      let estimate = cell.kind.estimates(of: name).first { values[$0]?.isEmpty == false }
      let measured = estimate.flatMap { values[$0] } ?? []
      let violations = measured.count { Judge.exceeds($0, bound: bound) }
      let certificates = cell.kind.certificate(of: name).flatMap { values[$0] } ?? []
      let quantile = estimate.flatMap { errors[$0]?.quantile.value } ?? 0
      let limit = configuration.untilDecided ? AnytimeTest.upperLimit : ClopperPearson.upperLimit
      bounds[name] = BoundSummary(
        bound: bound, violations: violations,
        certificateViolations: certificates.isEmpty
          ? nil : certificates.count { Judge.exceeds($0, bound: bound) },
        violationUpper: limit(violations + failed, trials, level),
        tightness: quantile > 0 ? bound / quantile : nil,
        verdict: cell.satisfiesHypotheses ? .undecided : .outsideHypotheses, trialsNeeded: nil)
    }
    self.bounds = bounds
  }

  /// The summaries of all cells, judged together.
  ///
  /// - Parameters:
  ///   - configuration: the experiment.
  ///   - records: every trial, in (cell, trial) order.
  public static func all(
    of configuration: Configuration, records: [TrialRecord]
  ) -> [CellSummary] {
    var start = 0
    var summaries = configuration.cells.enumerated().map { index, cell in
      let end = records[start...].firstIndex { $0.cell != index } ?? records.count
      defer { start = end }
      return CellSummary(index: index, cell: cell, records: records[start..<end], of: configuration)
    }
    if configuration.untilDecided {
      judgeSequentially(&summaries, configuration, records)
    } else {
      Judge(level: configuration.level).judge(&summaries)
    }
    return summaries
  }

  /// Repeats the decisions of the run from its records.
  private static func judgeSequentially(
    _ summaries: inout [CellSummary], _ configuration: Configuration, _ records: [TrialRecord]
  ) {
    var judges = SequentialJudge.judges(of: configuration)
    for record in records { _ = judges[record.cell].observe(record) }
    for index in summaries.indices {
      for (name, pair) in judges[index].pairs {
        summaries[index].bounds[name]?.verdict = pair.verdict
        summaries[index].bounds[name]?.trialsNeeded = pair.trialsNeeded
      }
    }
  }
}
