import Foundation

/// The ball bound (<doc:RandomPruning>): with probability at least 1 − δ,
/// sup_{‖x‖≤1} ‖F(x) − f(x)‖ ≤ ε_ball(δ).
///
/// The route, layer by layer with a norm bound for every random matrix and a union bound, is the
/// paper's universal approach (Qian and Klabjan 2021, section 3); the constants are ours.
///
/// | here | theory |
/// |---|---|
/// | `value` | ε_ball(δ), (1) filled with bounds at η |
/// | `events` | the number of distinct events ‖W_k‖, ‖w_k‖, ‖Δ_k‖ |
/// | `logEta` | ln(δ/events) |
/// | `isVacuous` | Σ_{k∈P} B_k/A_k > 2 |
public struct BallBound: Sendable, Hashable {
  /// ε_ball(δ); 0 where nothing is pruned.
  public let value: Double
  /// The number of events of the union bound.
  public let events: Int
  /// ln η; nil without events.
  public let logEta: Double?
  /// Whether the bound exceeds the sum of the two networks' own bounds.
  public let isVacuous: Bool
  /// A_k of each layer; empty without events.
  public let normBounds: [Double]
  /// The rows of the table for each layer.
  public let prunedPartBounds: [[NamedBound]]

  /// The ball bound of a network.
  ///
  /// - Parameters:
  ///   - network: shapes, laws and pruned counts.
  ///   - logDelta: ln δ, δ in (0, 1).
  ///   - refined: whether the rows of <doc:SharpBounds> count as well.
  public init(_ network: NetworkHypotheses, logDelta: Double, refined: Bool = false) {
    let pruned = network.prunedLayers
    guard let first = pruned.first, let last = pruned.last else {
      (value, events, logEta, isVacuous) = (0, 0, nil, false)
      (normBounds, prunedPartBounds) = ([], network.layers.map { _ in [] })
      return
    }
    let count = Self.events(first: first, last: last, pruned: pruned, layers: network.layers.count)
    let η = logDelta - log(Double(count))
    let norms = network.layers.map {
      refined ? $0.refinedNormBound(logEta: η) : $0.normBound(logEta: η)
    }
    let tables = network.layers.map {
      $0.prunedPartBounds(logEta: η) + (refined ? $0.variancePrunedPartBounds(logEta: η) : [])
    }
    let parts = tables.map { $0.map(\.value).min() ?? 0 }
    value = network.propagate(factors: norms, prunedParts: parts)
    events = count
    logEta = η
    isVacuous = zip(parts, norms).map { $0 / $1 }.reduce(0, +) > 2
    normBounds = norms
    prunedPartBounds = tables
  }

  /// The distinct events: ‖W_k‖ for k > first and for k < last outside P, ‖w_k‖ for k < last in P,
  /// ‖Δ_k‖ for k in P.
  private static func events(first: Int, last: Int, pruned: [Int], layers: Int) -> Int {
    let full = Set(first + 1..<layers + 1).union((1..<last).filter { !pruned.contains($0) })
    return full.count + pruned.filter { $0 < last }.count + pruned.count
  }
}
