import NumericKernels

/// Carries a batch of inputs through both networks, layer by layer.
///
/// The error is propagated itself: W_k(σ(F) − σ(f)) + Δ_k σ(f) in the form
/// δ_k = w_k(σ(F) − σ(f)) + Δ_k σ(F), with Δ_k sparse, in which no entry meets itself again with
/// the other sign, so that it keeps the relative accuracy of single precision however small it is
/// beside the output. Dense products use the kept weights w_k, and the sparse one serves both F and
/// δ.
struct ErrorPropagation {
  /// σ(F) of the layer before; at the start, the inputs: width × vectors, row-major.
  var signal: [Lanes] = []
  /// σ(F) − σ(f) of the layer before; after the last layer, F − f.
  private(set) var error: [Lanes] = []
  /// Whether an error has arisen yet.
  private(set) var hasError = false
  /// F and δ of the layer at work, and the pruned weights' part Δ σ(F) of both.
  private var nextSignal: [Lanes] = []
  private var nextError: [Lanes] = []
  private var prunedPart: [Lanes] = []
  /// The scratch memory of convolutions.
  private var scratch = ConvolutionScratch()

  /// Makes room for batches of a design.
  mutating func reserve(_ design: TrialDesign, vectors: Int) {
    let count = design.largestWidth * vectors
    design.reserve(&scratch, vectors: vectors)
    guard signal.count < count else { return }
    signal = [Lanes](repeating: .zero, count: count)
    error = signal
    nextSignal = signal
    nextError = signal
    prunedPart = signal
  }

  /// Starts anew from the inputs in `signal`.
  mutating func start() { hasError = false }

  /// Applies one layer.
  ///
  /// - Parameters:
  ///   - layer: the layer.
  ///   - activation: σ, or nil for the last layer, of which only the error is computed.
  ///   - vectors: the number of vectors in a row of the batch.
  ///   - tape: records σ'(F) and σ'(f) if given.
  /// - Returns: whether all values are finite.
  mutating func apply(
    _ layer: borrowing PrunedLayer, activation: Activation?, vectors: Int,
    tape: inout SlopeTape?
  ) -> Bool {
    let outputs = layer.shape.outputs * vectors
    if layer.isPruned {
      layer.multiplyPruned(signal, vectors: vectors, scratch: &scratch, into: &prunedPart)
    }
    if activation != nil {
      layer.multiplyKept(signal, vectors: vectors, scratch: &scratch, into: &nextSignal)
      if layer.isPruned { Self.add(prunedPart, to: &nextSignal, count: outputs) }
      swap(&signal, &nextSignal)
    }
    if hasError {
      layer.multiplyKept(error, vectors: vectors, scratch: &scratch, into: &nextError)
      if layer.isPruned { Self.add(prunedPart, to: &nextError, count: outputs) }
      swap(&error, &nextError)
    } else if layer.isPruned {
      swap(&error, &prunedPart)
      hasError = true
    }
    guard let activation else { return true }
    tape?.append(activation, signal, hasError ? error : nil, count: outputs)
    let poison =
      hasError
      ? activation.apply(count: outputs, to: &signal, error: &error)
      : activation.apply(count: outputs, to: &signal)
    return poison == Lanes.zero
  }

  private static func add(_ part: [Lanes], to sum: inout [Lanes], count: Int) {
    let part = part.span
    var sum = sum.mutableSpan
    for index in 0..<count { sum[index] += part[index] }
  }
}

/// σ'(F) and σ'(f) of every layer but the last, as a forward pass meets them.
struct SlopeTape {
  /// The slopes of one layer.
  struct Slopes {
    var full: [Lanes] = []
    /// Equal to `full` where no error has arisen, and then left empty.
    var kept: [Lanes] = []
  }

  /// Layer k is at index k − 1.
  private(set) var layers: [Slopes] = []
  private var next = 0

  /// Starts a new pass in the memory of the last.
  mutating func rewind() { next = 0 }

  mutating func append(_ activation: Activation, _ signal: [Lanes], _ error: [Lanes]?, count: Int) {
    if next == layers.count { layers.append(Slopes()) }
    Self.fill(&layers[next].full, count) { activation.slope(signal[$0]) }
    if let error {
      Self.fill(&layers[next].kept, count) { activation.slope(signal[$0] - error[$0]) }
    } else {
      layers[next].kept.removeAll(keepingCapacity: true)
    }
    next += 1
  }

  private static func fill(_ slopes: inout [Lanes], _ count: Int, _ slope: (Int) -> Lanes) {
    if slopes.count != count { slopes = [Lanes](repeating: .zero, count: count) }
    for index in 0..<count { slopes[index] = slope(index) }
  }
}
