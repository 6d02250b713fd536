import NumericKernels
import RandomStreams

/// Everything the trials of a cell have in common: a fully connected network without biases, the
/// law of its weights, the pruning rule and the inputs.
public struct TrialDesign: Hashable, Sendable {
  /// What a trial draws.
  public enum Kind: Hashable, Sendable {
    /// A network, whose error is measured.
    case network
    /// Its first layer alone, whose norms are measured.
    case matrix
  }

  /// What a trial draws.
  public let kind: Kind
  /// d₀ … d_l.
  public let widths: [Int]
  /// σ, after every layer but the last.
  public let activation: Activation
  /// The base law Z.
  public let law: Law
  /// K: weights of layer k are K/√max(d_k, d_{k−1}) times Z.
  public let scale: Double
  /// Which weights are pruned.
  public let pruning: PruningRule
  /// The points at which the error is measured.
  public let inputs: InputSource
  /// What a trial measures beyond the errors at its inputs.
  public let measures: Measures
  /// m_k of layer k at index k − 1.
  public let prunedCounts: [Int]

  /// - Parameters:
  ///   - widths: at least two, each at least 1; products of neighbours below 2³².
  ///   - scale: positive, finite.
  ///   - law: without ties if the pruning is by magnitude.
  public init(
    widths: [Int], activation: Activation, law: Law, scale: Double, pruning: PruningRule,
    inputs: InputSource, measures: Measures = Measures(), kind: Kind = .network
  ) {
    self.kind = kind
    precondition(widths.count >= 2 && widths.allSatisfy { $0 >= 1 }, "a network has layers")
    precondition(!(law.hasTiedMagnitudes && pruning.method == .magnitude), "magnitudes tie")
    let sizes = zip(widths, widths.dropFirst()).map { $0 * $1 }
    precondition(sizes.allSatisfy { $0 < 1 << 32 }, "a layer has at most 2³² − 1 weights")
    self.widths = widths
    self.activation = activation
    self.law = law
    self.scale = scale
    self.pruning = pruning
    self.inputs = inputs
    self.measures = measures
    prunedCounts = sizes.indices.map { index in
      pruning.layers.contains(index + 1, of: sizes.count)
        ? pruning.prunedCount(of: sizes[index]) : 0
    }
  }

  /// The design of a single matrix, drawn as layer 1; all of it may be pruned.
  ///
  /// - Parameters:
  ///   - rows: at least 1.
  ///   - columns: at least 1.
  public init(
    rows: Int, columns: Int, law: Law, scale: Double, method: PruningRule.Method, alpha: Double
  ) {
    self.init(
      widths: [columns, rows], activation: .identity, law: law, scale: scale,
      pruning: PruningRule(method: method, alpha: alpha, layers: .all),
      inputs: InputSource(count: 1, domain: .sphere), kind: .matrix)
  }

  /// l.
  public var layerCount: Int { widths.count - 1 }

  /// a_k as the weights are drawn with it: K/√max(d_k, d_{k−1}), rounded to `Float`.
  public func amplitude(layer: Int) -> Float {
    Float(scale / Double(max(widths[layer], widths[layer - 1])).squareRoot())
  }

  /// The memory of one worker, in bytes: its largest layer, or all of them where they are needed
  /// together, the scratch of the pruning rule, its batches, and the matrices of a certificate.
  public var workspaceBytes: Int {
    let sizes = zip(widths, widths.dropFirst()).map { Double($0 * $1) }
    let largest = sizes.max() ?? 0
    let held = measures.needNetwork ? sizes.reduce(0, +) : largest
    let pruned = Double(prunedCounts.max() ?? 0) * Double(measures.needNetwork ? layerCount : 1)
    let vectors = Lanes.vectors(holding: inputs.count)
    let batch = Double((widths.max() ?? 0) * vectors * 64)
    let searchBatches = measures.ballSearch == nil ? 0 : 9 + 2 * layerCount
    // A matrix in double precision, its Gram matrix and that one's Cholesky factor.
    let certificate = measures.certificate || kind == .matrix ? largest * 32 : 0
    let most = prunedCounts.max() ?? 0
    let scratch =
      switch pruning.method {
      case .random: SubsetSampler.bytes(sampling: most, of: Int(largest))
      case .magnitude: MagnitudeSelector.bytes(selecting: most, of: Int(largest))
      }
    let bytes =
      held * 4 + Double(scratch) + pruned * 20 + batch * Double(5 + searchBatches)
      + Double(inputs.count * widths[0] * 4) + certificate
    return Int(bytes)
  }
}
