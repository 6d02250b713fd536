import NumericKernels

/// What a layer's weights are: a matrix, or the kernel of a convolution.
public enum LayerShape: Hashable, Sendable {
  /// A matrix of outputs × inputs.
  case dense(outputs: Int, inputs: Int)
  /// A convolution with stride 1, whose outputs have the size of its inputs.
  case convolution(outChannels: Int, patches: ImagePatches)

  /// d_k: the entries of the layer's output.
  public var outputs: Int {
    switch self {
    case .dense(let outputs, _): outputs
    case .convolution(let channels, let patches): channels * patches.grid * patches.grid
    }
  }

  /// d_{k−1}: the entries of its input.
  public var inputs: Int {
    switch self {
    case .dense(_, let inputs): inputs
    case .convolution(_, let patches): patches.channels * patches.grid * patches.grid
    }
  }

  /// The rows of the weights: outputs, or output channels.
  public var weightRows: Int {
    switch self {
    case .dense(let outputs, _): outputs
    case .convolution(let channels, _): channels
    }
  }

  /// The weights in a row: inputs, or input channels · q².
  public var weightColumns: Int {
    switch self {
    case .dense(_, let inputs): inputs
    case .convolution(_, let patches): patches.size
    }
  }

  /// D.
  public var weightCount: Int { weightRows * weightColumns }

  /// n with weights K/√n: the larger of outputs and inputs; of a convolution, of the channels, times q².
  public var fan: Int {
    switch self {
    case .dense(let outputs, let inputs): max(outputs, inputs)
    case .convolution(let channels, let patches):
      max(channels, patches.channels) * patches.kernel * patches.kernel
    }
  }

  /// Multiply-adds that one input takes.
  public var multiplyAdds: Int {
    switch self {
    case .dense: weightCount
    case .convolution(_, let patches): weightCount * patches.grid * patches.grid
    }
  }
}
