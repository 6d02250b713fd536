import PruningModel

/// What one trial gave.
public struct TrialRecord: Sendable, Hashable {
  /// The cell's number, its place in the grid.
  public let cell: Int
  /// The trial's index in the cell.
  public let trial: Int
  /// The errors, or why there are none.
  public let outcome: Result<TrialErrors, TrialFailure>

  /// - Parameters:
  ///   - cell: the cell's number.
  ///   - trial: the trial's index.
  ///   - outcome: the errors, or why there are none.
  public init(cell: Int, trial: Int, outcome: Result<TrialErrors, TrialFailure>) {
    self.cell = cell
    self.trial = trial
    self.outcome = outcome
  }

  /// The errors of a trial that did not fail.
  public var errors: TrialErrors? { try? outcome.get() }

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
