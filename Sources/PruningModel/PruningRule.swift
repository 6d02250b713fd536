import NumericKernels
import RandomStreams

/// Which weights of a network are pruned: m_k = min(D_k, ⌊(1 + 10⁻⁹) D_k^(1−α)⌋) of every pruned
/// layer k with D_k weights.
public struct PruningRule: Hashable, Sendable {
  /// How the weights of a layer are chosen.
  public enum Method: String, Sendable, CaseIterable {
    /// A uniformly random set.
    case random
    /// Those of smallest magnitude, ties by lowest index.
    case magnitude
  }

  /// The layers that are pruned.
  public enum Layers: Hashable, Sendable {
    /// 2 … l − 1, as in the paper.
    case hidden
    /// 1 … l.
    case all
    /// The layers listed, from 1.
    case listed([Int])

    /// Whether layer k of l is pruned.
    public func contains(_ layer: Int, of count: Int) -> Bool {
      switch self {
      case .hidden: layer > 1 && layer < count
      case .all: true
      case .listed(let layers): layers.contains(layer)
      }
    }
  }

  /// How the weights of a layer are chosen.
  public let method: Method
  /// α in (0, 1).
  public let alpha: Double
  /// The layers that are pruned.
  public let layers: Layers

  /// - Parameters:
  ///   - method: how the weights of a layer are chosen.
  ///   - alpha: in (0, 1).
  ///   - layers: those that are pruned.
  public init(method: Method, alpha: Double, layers: Layers) {
    precondition(alpha > 0 && alpha < 1, "alpha is outside (0, 1)")
    self.method = method
    self.alpha = alpha
    self.layers = layers
  }

  /// m of a layer of D weights: the slack of 10⁻⁹ gives 2¹⁴ for 2²⁰ at α = 0.3, where rounded
  /// powers fall short of the integer.
  public func prunedCount(of size: Int) -> Int {
    let logarithm = Elementary.log(SIMD8(repeating: Double(size)))[0] * (1 - alpha)
    let power = 1 + Elementary.expMinusOne(SIMD8(repeating: logarithm))[0]
    return min(size, Int(power * (1 + 1e-9)))
  }
}

/// Chooses the pruned weights of one layer after another; holds the scratch memory.
struct PruningSelector {
  private var sampler = SubsetSampler()
  private var selector = MagnitudeSelector()
  private var marks = EntryMarks()

  /// Selects `count` weights.
  ///
  /// - Parameters:
  ///   - size: the number of weights in the layer.
  ///   - weights: the layer's weights are the first `size`.
  ///   - mask: the stream of a random mask.
  ///   - places: receives the indices, increasing.
  mutating func select(
    _ count: Int, ofFirst size: Int, of weights: [Float], by method: PruningRule.Method,
    mask: RandomStream, into places: inout [UInt32]
  ) {
    if count == 0 {
      places.removeAll(keepingCapacity: true)
      return
    }
    switch method {
    case .random:
      sampler.sample(count, of: size, from: mask, into: &marks)
      marks.list(into: &places)
    case .magnitude: selector.smallest(count, ofFirst: size, of: weights, into: &places)
    }
  }

  /// Marks as many weights at random, whatever they are.
  mutating func mark(
    _ count: Int, of size: Int, mask: RandomStream, in marks: inout EntryMarks
  ) {
    sampler.sample(count, of: size, from: mask, into: &marks)
  }
}
