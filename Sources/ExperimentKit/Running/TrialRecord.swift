import PruningModel

/// What one trial gave.
public struct TrialRecord: Sendable, Hashable {
  /// The cell's number, its place in the grid.
  public let cell: Int
  /// The trial's index in the cell.
  public let trial: Int
  /// The measurement, or why there is none.
  public let outcome: Result<TrialMeasurement, TrialFailure>

  /// - Parameters:
  ///   - cell: the cell's number.
  ///   - trial: the trial's index.
  ///   - outcome: the measurement, or why there is none.
  public init(cell: Int, trial: Int, outcome: Result<TrialMeasurement, TrialFailure>) {
    self.cell = cell
    self.trial = trial
    self.outcome = outcome
  }

  /// Whether the trial failed.
  public var isFailed: Bool {
    if case .failure = outcome { true } else { false }
  }

  /// The value of a quantity; nil where it was not measured or the trial failed.
  public func value(_ quantity: Quantity) -> Double? { (try? outcome.get())?.value(quantity) }

  /// `ok`, or what failed.
  public var status: String {
    switch outcome {
    case .success: "ok"
    case .failure(.nonFiniteWeight(let layer)): "non-finite weight in layer \(layer)"
    case .failure(.nonFiniteValue(let layer)): "non-finite value in layer \(layer)"
    case .failure(.nonFiniteCertificate): "non-finite certificate"
    }
  }
}
