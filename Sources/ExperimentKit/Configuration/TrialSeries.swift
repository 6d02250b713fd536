import PruningModel

/// The trials of one design: what cells share that differ in δ or `boundFactor` only, so that those
/// are run once.
public struct TrialSeries: Sendable {
  /// What the trials have in common.
  public let design: TrialDesign
  /// Names a row together with the trial's index: the hash of all that the row depends on, so that a
  /// row found under its key is right wherever it came from.
  public let key: UInt64
  private let seed: UInt64
  private let stream: UInt32

  /// - Parameters:
  ///   - cell: one of its cells.
  ///   - seed: the experiment's seed.
  ///   - independentCells: whether cells have draws of their own.
  private init(_ cell: Cell, seed: UInt64, independentCells: Bool) {
    design = cell.design
    self.seed = seed
    stream = independentCells ? FNV1a.hash32(cell.trialParameters.utf8) : 0
    let search = design.measures.ballSearch
    let parts = [
      "engine \(Engine.version)", "seed \(seed)", "stream \(stream)",
      "certificate \(design.measures.certificate)",
      search.map { "ball search \($0.steps) \($0.tolerance)" } ?? "", cell.trialParameters,
    ]
    key = FNV1a.hash64(parts.joined(separator: ";").utf8)
  }

  /// The series of an experiment and which of them each cell's is.
  static func all(
    of cells: [Cell], seed: UInt64, independentCells: Bool
  ) -> (series: [TrialSeries], ofCell: [Int]) {
    var series: [TrialSeries] = []
    var places: [String: Int] = [:]
    let ofCell = cells.map { cell in
      let parameters = cell.trialParameters
      if let place = places[parameters] { return place }
      places[parameters] = series.count
      series.append(TrialSeries(cell, seed: seed, independentCells: independentCells))
      return series.count - 1
    }
    return (series, ofCell)
  }

  /// The address of a trial's draws.
  func address(trial: Int) -> TrialAddress {
    TrialAddress(seed: seed, trial: UInt32(trial), cell: stream)
  }

  /// Runs a trial.
  func outcome(
    trial: Int, _ runner: inout TrialRunner
  ) -> Result<TrialMeasurement, TrialFailure> {
    do throws(TrialFailure) {
      return .success(try runner.measure(design, at: address(trial: trial)))
    } catch {
      return .failure(error)
    }
  }
}
