import Foundation

/// The point bound (<doc:PointBounds>): for one fixed x with ‖x‖ ≤ 1, with probability at least
/// 1 − δ, ‖F(x) − f(x)‖ ≤ ε_point(δ). Ours; a fixed vector meets s√d_k where a supremum meets
/// s(√d_k + √d_{k−1}).
///
/// Events: W_k on the error for every k > first; the kept layer on the signal for every k < last,
/// always apart from the former; Δ_k on the signal for every k in P.
public struct PointBound: Sendable, Hashable {
  /// ε_point(δ); 0 where nothing is pruned.
  public let value: Double
  /// The number of events of the union bound.
  public let events: Int

  /// The point bound of a network.
  ///
  /// - Parameters:
  ///   - network: shapes, laws and pruned counts.
  ///   - logDelta: ln δ, δ in (0, 1).
  ///   - refined: whether (3′) of <doc:SharpBounds> counts as well.
  public init(_ network: NetworkHypotheses, logDelta: Double, refined: Bool = false) {
    let pruned = network.prunedLayers
    guard let first = pruned.first, let last = pruned.last else {
      (value, events) = (0, 0)
      return
    }
    events = network.layers.count - first + last - 1 + pruned.count
    let η = logDelta - log(Double(events))
    value = network.propagate(
      factors: network.layers.map {
        refined ? $0.refinedStretchBound(logEta: η) : $0.stretchBound(logEta: η)
      },
      prunedParts: network.layers.map { $0.prunedStretchBound(logEta: η, refined: refined) })
  }
}
