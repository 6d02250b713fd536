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

  /// A record from what tables say of it.
  ///
  /// - Parameters:
  ///   - cell: the cell's number.
  ///   - trial: the trial's index.
  ///   - kind: of the experiment.
  ///   - status: `ok`, or what failed.
  ///   - value: the value of a quantity, nil where it was not measured.
  /// - Returns: nil if the status is none.
  public init?(
    cell: Int, trial: Int, kind: ExperimentKind, status: some StringProtocol,
    value: (Quantity) -> Double?
  ) {
    if status == Self.ok {
      self.init(cell: cell, trial: trial, outcome: .success(TrialMeasurement(kind, value)))
      return
    }
    let layer = status.split(separator: " ").last.flatMap { Int($0) } ?? 0
    let failures: [TrialFailure] = [
      .nonFiniteWeight(layer: layer), .nonFiniteValue(layer: layer), .nonFiniteCertificate,
    ]
    guard let failure = failures.first(where: { Self.text(of: $0) == status }) else { return nil }
    self.init(cell: cell, trial: trial, outcome: .failure(failure))
  }

  /// Whether the trial failed.
  public var isFailed: Bool {
    if case .failure = outcome { true } else { false }
  }

  /// The value of a quantity; nil where it was not measured or the trial failed.
  public func value(_ quantity: Quantity) -> Double? { (try? outcome.get())?.value(quantity) }

  /// `ok`, or what failed.
  public var status: String {
    if case .failure(let failure) = outcome { Self.text(of: failure) } else { Self.ok }
  }

  private static let ok = "ok"

  private static func text(of failure: TrialFailure) -> String {
    switch failure {
    case .nonFiniteWeight(let layer): "non-finite weight in layer \(layer)"
    case .nonFiniteValue(let layer): "non-finite value in layer \(layer)"
    case .nonFiniteCertificate: "non-finite certificate"
    }
  }
}
