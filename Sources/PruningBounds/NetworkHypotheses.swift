import Foundation

/// What the theorems need to know of an activation σ with σ(0) = 0.
public struct ActivationHypotheses: Sendable, Hashable {
  /// L with |σ(x) − σ(y)| ≤ L|x − y|.
  public let lipschitz: Double
  /// a in [0, 1]: of any |u|, half the signs give at most a² of what the other half may give, in
  /// squares and in squares of differences, relative to L²; 1 is always true.
  public let slope: Double
  /// Whether σ(cx) = cσ(x) for c ≥ 0.
  public let isPositivelyHomogeneous: Bool

  /// max(x, s x): ReLU at s = 0, leaky ReLU, the identity at s = 1.
  ///
  /// - Parameter slope: s, any number. Slopes outside [0, 1) count as a = 1.
  public static func piecewiseLinear(slope: Double) -> ActivationHypotheses {
    ActivationHypotheses(
      lipschitz: max(1, abs(slope)), slope: (0..<1).contains(slope) ? slope : 1,
      isPositivelyHomogeneous: true)
  }

  /// An activation of which nothing but its Lipschitz constant is known.
  public static func lipschitz(_ constant: Double) -> ActivationHypotheses {
    ActivationHypotheses(lipschitz: constant, slope: 1, isPositivelyHomogeneous: false)
  }
}

/// A network, as the theorems see it: layers 1 … l, σ after each but the last. Flattening an image is
/// an isometry, so that convolutional and fully connected layers follow one another.
public struct NetworkHypotheses: Sendable, Hashable {
  /// Layer k is at index k − 1.
  public let layers: [LayerHypotheses]
  /// The activation σ.
  public let activation: ActivationHypotheses
  /// The activation's Lipschitz constant L.
  public var lipschitz: Double { activation.lipschitz }

  /// A network of at least one layer.
  public init(layers: [LayerHypotheses], activation: ActivationHypotheses) {
    precondition(!layers.isEmpty, "a network has layers")
    self.layers = layers
    self.activation = activation
  }

  /// Whether all layers are fully connected: what the sharp bounds and the mean-field prediction need.
  var isFullyConnected: Bool { layers.allSatisfy { $0.kernel == nil } }

  /// P, the pruned layers, numbered from 1.
  var prunedLayers: [Int] { layers.indices.filter { layers[$0].pruned > 0 }.map { $0 + 1 } }

  /// The right-hand side of (1), the paper's universal approach (<doc:Setting>):
  /// L^{l−1} Σ_{k∈P} (Π_{j<k} factor_j) prunedPart_k (Π_{j>k} factor_j), where the same factor
  /// bounds the full and the kept layer.
  func propagate(factors: [Double], prunedParts: [Double]) -> Double {
    let terms = prunedLayers.map { k in
      factors[..<(k - 1)].reduce(1, *) * prunedParts[k - 1] * factors[k...].reduce(1, *)
    }
    return pow(lipschitz, Double(layers.count - 1)) * terms.reduce(0, +)
  }
}
