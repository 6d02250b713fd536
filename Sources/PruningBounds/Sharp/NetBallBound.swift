import Foundation

/// The net ball bound (<doc:SharpBounds>): with probability at least 1 − δ,
/// sup_{‖x‖≤1} ‖F(x) − f(x)‖ ≤ t(h) + Λh. Ours, not the paper's.
///
/// The sphere, or for an activation that is not positively homogeneous the ball, is covered by balls of
/// radius h; the sharp point bound t holds at all centres by a union bound at (δ/2)/|net|, and between
/// them both networks are Lipschitz, with Λ from norm bounds at δ/(2(l + |P|)).
public struct NetBallBound: Sendable, Hashable {
  /// The bound; 0 where nothing is pruned.
  public let value: Double
  /// The radius h that gives it; nil where nothing is pruned.
  public let radius: Double?
  /// The order q of the sharp point bound at the centres.
  public let order: Int?

  /// The radii 2^{−i/2}, i = 2 … 40, among which the smallest bound is taken; fixed beforehand.
  public static let radii = (2...40).map { pow(2, -Double($0) / 2) }

  /// The net ball bound of a network.
  ///
  /// - Parameters:
  ///   - network: shapes, laws, pruned counts and the activation.
  ///   - logDelta: ln δ, δ in (0, 1).
  public init(_ network: NetworkHypotheses, logDelta: Double) {
    self.init(network, SharpMoments(network), logDelta: logDelta)
  }

  init(_ network: NetworkHypotheses, _ moments: SharpMoments, logDelta: Double) {
    let pruned = network.prunedLayers
    guard !pruned.isEmpty else {
      (value, radius, order) = (0, nil, nil)
      return
    }
    let count = Double(network.layers.count)
    let logEta = logDelta - log(2 * (count + Double(pruned.count)))
    // The full and the kept network have the same bound.
    let lipschitz =
      2 * pow(network.lipschitz, count - 1)
      * network.layers.map { $0.refinedNormBound(logEta: logEta) }.reduce(1, *)
    let dimension = Double(network.layers[0].columns)
    var best: (value: Double, radius: Double?, order: Int?) = (.infinity, nil, nil)
    for h in Self.radii {
      let logNet =
        network.activation.isPositivelyHomogeneous
        ? log(2 * dimension) + (dimension - 1) * log1p(2 / h) : dimension * log1p(2 / h)
      let point = moments.bound(logDelta: logDelta - log(2) - logNet)
      let value = point.value + lipschitz * h
      if value < best.value { best = (value, h, point.order) }
    }
    (value, radius, order) = best
  }
}
