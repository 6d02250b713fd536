import Foundation

/// A fully connected network, as the theorems see it: layers 1 … l, σ after each but the last.
public struct NetworkHypotheses: Sendable, Hashable {
  /// Layer k is at index k − 1.
  public let layers: [LayerHypotheses]
  /// The activation's Lipschitz constant L.
  public let lipschitz: Double

  /// A network of at least one layer.
  public init(layers: [LayerHypotheses], lipschitz: Double) {
    precondition(!layers.isEmpty, "a network has layers")
    self.layers = layers
    self.lipschitz = lipschitz
  }

  /// P, the pruned layers, numbered from 1.
  var prunedLayers: [Int] { layers.indices.filter { layers[$0].pruned > 0 }.map { $0 + 1 } }

  /// The right-hand side of (1), the paper's universal approach (theory section 2):
  /// L^{l−1} Σ_{k∈P} (Π_{j<k} factor_j) prunedPart_k (Π_{j>k} factor_j), where the same factor
  /// bounds the full and the kept layer.
  func propagate(factors: [Double], prunedParts: [Double]) -> Double {
    let terms = prunedLayers.map { k in
      factors[..<(k - 1)].reduce(1, *) * prunedParts[k - 1] * factors[k...].reduce(1, *)
    }
    return pow(lipschitz, Double(layers.count - 1)) * terms.reduce(0, +)
  }
}
