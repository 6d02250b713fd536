import NumericKernels
import RandomStreams

/// Everything the trials of a cell have in common: a network without biases, the law of its weights,
/// the pruning rule and the inputs.
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
  /// Layer k at index k − 1.
  public let shapes: [LayerShape]
  /// σ, after every layer but the last.
  public let activation: Activation
  /// The base law Z.
  public let law: Law
  /// K: weights of layer k are K/√n_k times Z, n_k = `LayerShape.fan`.
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
  ///   - shapes: layers 1 … l, each with as many inputs as the one before has outputs; fewer than 2³²
  ///     weights in each.
  ///   - activation: σ, after every layer but the last.
  ///   - law: of the weights; without ties if the pruning is by magnitude.
  ///   - scale: K, positive, finite.
  ///   - pruning: which weights go.
  ///   - inputs: at which errors are measured.
  ///   - measures: what is measured beyond them.
  ///   - kind: what is drawn.
  public init(
    shapes: [LayerShape], activation: Activation, law: Law, scale: Double, pruning: PruningRule,
    inputs: InputSource, measures: Measures = Measures(), kind: Kind = .network
  ) {
    self.kind = kind
    precondition(!shapes.isEmpty && shapes.allSatisfy { $0.weightCount >= 1 }, "no layers")
    precondition(
      zip(shapes, shapes.dropFirst()).allSatisfy { $0.outputs == $1.inputs }, "layers do not fit")
    precondition(!(law.hasTiedMagnitudes && pruning.method == .magnitude), "magnitudes tie")
    precondition(shapes.allSatisfy { $0.weightCount < 1 << 32 }, "at most 2³² − 1 weights a layer")
    self.shapes = shapes
    self.activation = activation
    self.law = law
    self.scale = scale
    self.pruning = pruning
    self.inputs = inputs
    self.measures = measures
    prunedCounts = shapes.indices.map { index in
      pruning.layers.contains(index + 1, of: shapes.count)
        ? pruning.prunedCount(of: shapes[index].weightCount) : 0
    }
  }

  /// A fully connected network.
  ///
  /// - Parameters:
  ///   - widths: d₀ … d_l, at least two.
  ///   - activation: σ, after every layer but the last.
  ///   - law: of the weights; without ties if the pruning is by magnitude.
  ///   - scale: K, positive, finite.
  ///   - pruning: which weights go.
  ///   - inputs: at which errors are measured.
  ///   - measures: what is measured beyond them.
  public init(
    widths: [Int], activation: Activation, law: Law, scale: Double, pruning: PruningRule,
    inputs: InputSource, measures: Measures = Measures()
  ) {
    self.init(
      shapes: zip(widths, widths.dropFirst()).map { .dense(outputs: $1, inputs: $0) },
      activation: activation, law: law, scale: scale, pruning: pruning, inputs: inputs,
      measures: measures)
  }

  /// The design of a single matrix or convolution, drawn as layer 1; all of it may be pruned.
  public init(
    single shape: LayerShape, law: Law, scale: Double, method: PruningRule.Method, alpha: Double
  ) {
    self.init(
      shapes: [shape], activation: .identity, law: law, scale: scale,
      pruning: PruningRule(method: method, alpha: alpha, layers: .all),
      inputs: InputSource(count: 1, domain: .sphere), kind: .matrix)
  }

  /// l.
  public var layerCount: Int { shapes.count }

  /// d₀ … d_l.
  public var widths: [Int] { [shapes[0].inputs] + shapes.map(\.outputs) }

  /// The widths d₀ … d_l of fully connected layers, the channels of convolutions in their place.
  public var sizes: [Int] {
    let first =
      switch shapes[0] {
      case .dense(_, let inputs): inputs
      case .convolution(_, let patches): patches.channels
      }
    return [first] + shapes.map(\.weightRows)
  }

  /// d_l.
  var outputWidth: Int { shapes[shapes.count - 1].outputs }

  /// The largest width.
  var largestWidth: Int { shapes.reduce(shapes[0].inputs) { max($0, $1.outputs) } }

  /// a_k as the weights are drawn with it: K/√n_k, rounded to `Float`.
  public func amplitude(layer: Int) -> Float {
    Float(scale / Double(shapes[layer - 1].fan).squareRoot())
  }

  /// Whether a layer of the shape, behind a ReLU or the first of a network, is one for `RectifiedPair`.
  static func isForPair(_ shape: LayerShape, _ activation: Activation?) -> Bool {
    guard case .dense(let rows, let columns) = shape else { return false }
    return RectifiedPair.pays(rows: rows, columns: columns)
      && (activation == nil || activation == .relu)
  }

  /// Whether a network's inputs are held one by one from the beginning; not where a search moves them.
  var beginsInPair: Bool {
    kind == .network && !measures.needNetwork
      && Self.isForPair(shapes[0], layerCount == 1 ? nil : activation)
  }

  /// Whether a layer's weights are needed only once and in any order, so that they may be drawn in
  /// panels.
  func isDrawnInPanels(layer: Int) -> Bool {
    let shape = shapes[layer - 1]
    let isReached = layer == 1 ? beginsInPair : Self.isForPair(shape, activation)
    return isReached && activation == .relu && kind == .network && !measures.needNetwork
      && (pruning.method == .random || prunedCounts[layer - 1] == 0) && law.canFillPanels
      && shape.weightRows % WeightPanel.height == 0 && shape.weightColumns % 4 == 0
  }

  /// Makes room for every convolution of the design.
  func reserve(_ scratch: inout ConvolutionScratch, vectors: Int) {
    for shape in shapes {
      if case .convolution(let channels, let patches) = shape {
        scratch.reserve(patches, outChannels: channels, vectors: vectors)
      }
    }
  }

  /// The memory of one worker, in bytes: its largest layer whose weights are held, or all layers where
  /// they are needed together, the scratch of the pruning rule, its batches, and the matrices of a certificate.
  public var workspaceBytes: Int {
    let sizes = shapes.map { Double($0.weightCount) }
    let largest = sizes.max() ?? 0
    // Weights in panels are not held.
    let held =
      measures.needNetwork
      ? sizes.reduce(0, +)
      : sizes.indices.reduce(0) { isDrawnInPanels(layer: $1 + 1) ? $0 : max($0, sizes[$1]) }
    let pruned = Double(prunedCounts.max() ?? 0) * Double(measures.needNetwork ? layerCount : 1)
    let vectors = Lanes.vectors(holding: inputs.count)
    let batch = Double(largestWidth * vectors * 64)
    let searchBatches = measures.ballSearch == nil ? 0 : 9 + 2 * layerCount
    // A matrix in double precision, its Gram matrix and that one's Cholesky factor.
    let certificate = measures.certificate || kind == .matrix ? largest * 32 : 0
    let most = prunedCounts.max() ?? 0
    let scratch =
      switch pruning.method {
      case .random: SubsetSampler.bytes(sampling: most, of: Int(largest))
      case .magnitude: MagnitudeSelector.bytes(selecting: most, of: Int(largest))
      }
    let convolutions = shapes.reduce(0) { most, shape in
      guard case .convolution(let channels, let patches) = shape else { return most }
      return max(
        most, ConvolutionScratch.bytes(patches, outChannels: channels, vectors: vectors))
    }
    let rectified = shapes.reduce(0) { most, shape in
      guard activation == .relu || layerCount == 1, case .dense(let outputs, let inputs) = shape
      else { return most }
      return max(
        most,
        RectifiedPair.bytes(width: max(outputs, inputs), vectors: vectors)
          + WeightPanel.bytes(columns: inputs))
    }
    let searches = measures.ballSearch == nil ? 1 : 2
    let bytes =
      held * 4 + Double(convolutions * (measures.ballSearch == nil ? 1 : 3)) + Double(scratch)
      + Double(rectified * searches) + pruned * 20 + batch * Double(5 + searchBatches)
      + Double(inputs.count * shapes[0].inputs * 4) + certificate
    return Int(bytes)
  }
}
