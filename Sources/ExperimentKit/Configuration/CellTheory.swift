import Dispatch
import Foundation
import PruningBounds

/// What theory says of a cell. Computed when asked for, since the bounds take some milliseconds and a
/// cell is read in microseconds, and kept for cells that differ in nothing that theory sees.
public struct CellTheory: Sendable {
  /// The bounds that there are, times `boundFactor`, by name; finite.
  public let bounds: [String: Double]
  /// The bounds of a network and what they are made of; nil for matrices and without bounds.
  public let network: NetworkBounds?
  /// The mean-field prediction of the root-mean-square error; nil where there is none.
  public let meanField: Double?

  /// - Parameter cell: the cell.
  public init(_ cell: Cell) {
    var bounds: [String: Double] = [:]
    switch cell.kind {
    case .network:
      network = cell.hypotheses.map { Self.networkBounds($0, delta: cell.delta) }
      if let network {
        for name in NetworkBounds.Name.allCases { bounds[name.rawValue] = network[name] }
      }
      let prediction = cell.hypotheses.flatMap {
        MeanField.rootMeanSquareError($0, activation: cell.activationMoments)
      }
      meanField = prediction.flatMap { $0.isFinite ? $0 : nil }
    case .matrix:
      (network, meanField) = (nil, nil)
      if let layer = cell.hypotheses?.layers[0] {
        bounds = MatrixBounds.all(layer, logDelta: log(cell.delta))
      }
    }
    self.bounds = bounds.mapValues { $0 * cell.boundFactor }.filter(\.value.isFinite)
  }

  private struct Key: Hashable {
    let hypotheses: NetworkHypotheses
    let delta: Double
  }

  /// Computes on every core what the theory of these cells takes long for, and keeps it.
  public static func prepare(_ cells: [Cell]) {
    let keys = cells.compactMap { cell in
      cell.kind == .network
        ? cell.hypotheses.map { Key(hypotheses: $0, delta: cell.delta) } : nil
    }
    let missing = known.withLock { known in
      Array(Set(keys).filter { known[$0] == nil }.prefix(max(0, capacity - known.count)))
    }
    DispatchQueue.concurrentPerform(iterations: missing.count) { index in
      _ = networkBounds(missing[index].hypotheses, delta: missing[index].delta)
    }
  }

  /// A lock that the thread sanitizer knows, unlike `Mutex`.
  private final class Known: @unchecked Sendable {
    // Unchecked, because the lock guards the only state.
    private let lock = NSLock()
    private var bounds: [Key: NetworkBounds] = [:]

    func withLock<Result>(_ body: (inout [Key: NetworkBounds]) -> Result) -> Result {
      lock.withLock { body(&bounds) }
    }
  }

  private static let known = Known()
  private static let capacity = 1024

  private static func networkBounds(_ hypotheses: NetworkHypotheses, delta: Double) -> NetworkBounds
  {
    let key = Key(hypotheses: hypotheses, delta: delta)
    if let bounds = known.withLock({ $0[key] }) { return bounds }
    let bounds = NetworkBounds(hypotheses, logDelta: log(delta))
    known.withLock {
      if $0.count >= capacity { $0.removeAll() }
      $0[key] = bounds
    }
    return bounds
  }
}
