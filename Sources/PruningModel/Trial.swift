import NumericKernels
import RandomStreams

/// What one trial measured: e(x) = ‖F(x) − f(x)‖₂ over its inputs.
public struct TrialErrors: Hashable, Sendable {
  /// e at the first input.
  public let point: Double
  /// The root mean square of e over the inputs.
  public let rootMeanSquare: Double
  /// The largest e over the inputs, a lower estimate of the ball error.
  public let maximum: Double

  /// - Parameters:
  ///   - point: e at the first input.
  ///   - rootMeanSquare: the root mean square over the inputs.
  ///   - maximum: the largest.
  public init(point: Double, rootMeanSquare: Double, maximum: Double) {
    self.point = point
    self.rootMeanSquare = rootMeanSquare
    self.maximum = maximum
  }
}

/// Why a trial has no result.
public enum TrialFailure: Error, Hashable, Sendable {
  /// A weight is infinite: the law's tail left the range of `Float`.
  case nonFiniteWeight(layer: Int)
  /// An activation or error is infinite or not a number.
  case nonFiniteValue(layer: Int)
}

/// The address of a trial's draws.
public struct TrialAddress: Hashable, Sendable {
  /// The experiment's seed.
  public let seed: UInt64
  /// The trial's index in its cell, from 0.
  public let trial: UInt32
  /// 0 where cells share their draws, else the hash of the cell's parameters.
  public let cell: UInt32

  /// - Parameters:
  ///   - seed: the experiment's seed.
  ///   - trial: the trial's index.
  ///   - cell: 0, or the cell's hash.
  public init(seed: UInt64, trial: UInt32, cell: UInt32 = 0) {
    self.seed = seed
    self.trial = trial
    self.cell = cell
  }

  func stream(layer: Int, _ purpose: Purpose) -> RandomStream {
    RandomStream(seed: seed, trial: trial, layer: layer, purpose: purpose, cell: cell)
  }
}

/// Runs trials one after another in memory that it keeps: draws a network, prunes it, and measures
/// by how much its output moved.
///
/// The error is propagated itself (theory section 7): W_k(σ(F) − σ(f)) + Δ_k σ(f) in the form
/// δ_k = w_k(σ(F) − σ(f)) + Δ_k σ(F), with Δ_k sparse, in which no entry meets itself again with
/// the other sign, so that it keeps the relative accuracy of single precision however small it is
/// beside the output. Dense products use the kept weights w_k, and the sparse one serves both F and
/// δ. A trial is a pure function of design and address; the runner holds no state that a result
/// depends on.
public struct TrialRunner: ~Copyable {
  private var weights: [Float] = []
  private var places: [UInt32] = []
  private var sparse = SparseRows()
  private var selector = PruningSelector()
  private var points: [Float] = []
  private var norms: [Double] = []
  /// σ(F) and σ(F) − σ(f) of the layer before.
  private var signal: [Lanes] = []
  private var error: [Lanes] = []
  /// F and δ of the layer at work, and the pruned weights' part Δ σ(F) of both.
  private var nextSignal: [Lanes] = []
  private var nextError: [Lanes] = []
  private var prunedPart: [Lanes] = []

  /// A runner without memory; it grows with the largest design run.
  public init() {}

  /// Runs one trial.
  ///
  /// - Parameters:
  ///   - design: the cell's design.
  ///   - address: seed, index and cell of the trial's draws.
  /// - Returns: the errors, accurate to 1e-4 relative.
  /// - Throws: what made the trial fail.
  public mutating func run(
    _ design: TrialDesign, at address: TrialAddress
  ) throws(TrialFailure) -> TrialErrors {
    guard design.prunedCounts.contains(where: { $0 > 0 }) else {
      return TrialErrors(point: 0, rootMeanSquare: 0, maximum: 0)
    }
    let vectors = Lanes.vectors(holding: design.inputs.count)
    reserve(design, vectors: vectors)
    design.inputs.load(into: &signal, width: design.widths[0], rows: &points) {
      address.stream(layer: 0, $0)
    }
    var hasError = false
    for layer in 1...design.layerCount {
      let shape = LayerShape(design, layer: layer, vectors: vectors)
      try drawWeights(shape, design, address)
      if shape.pruned > 0 { prune(shape, design, address) }
      if layer < design.layerCount {
        Self.multiply(weights, signal, into: &nextSignal, shape)
        if shape.pruned > 0 { Self.add(prunedPart, to: &nextSignal, shape) }
      }
      if hasError {
        Self.multiply(weights, error, into: &nextError, shape)
        if shape.pruned > 0 { Self.add(prunedPart, to: &nextError, shape) }
      } else if shape.pruned > 0 {
        swap(&prunedPart, &nextError)
        hasError = true
      }
      if layer < design.layerCount {
        try activate(shape, design.activation, hasError: hasError)
      }
    }
    return try measure(design, vectors: vectors)
  }

  /// Rows, columns and vector counts of a layer.
  private struct LayerShape {
    let layer: Int
    let rows: Int
    let columns: Int
    let pruned: Int
    let vectors: Int

    init(_ design: TrialDesign, layer: Int, vectors: Int) {
      self.layer = layer
      rows = design.widths[layer]
      columns = design.widths[layer - 1]
      pruned = design.prunedCounts[layer - 1]
      self.vectors = vectors
    }

    var size: Int { rows * columns }
    var outputs: Int { rows * vectors }
  }

  private mutating func drawWeights(
    _ shape: LayerShape, _ design: TrialDesign, _ address: TrialAddress
  ) throws(TrialFailure) {
    design.law.fill(
      first: shape.size, of: &weights, from: address.stream(layer: shape.layer, .weights),
      amplitude: design.amplitude(layer: shape.layer))
    if design.law.canOverflow && weights[..<shape.size].contains(where: { !$0.isFinite }) {
      throw .nonFiniteWeight(layer: shape.layer)
    }
  }

  private static func multiply(
    _ weights: [Float], _ batch: [Lanes], into product: inout [Lanes], _ shape: LayerShape
  ) {
    MatrixProduct.multiply(
      weights: weights, rows: shape.rows, columns: shape.columns, batch: batch,
      vectors: shape.vectors, into: &product)
  }

  /// Moves the pruned weights out of the layer, and multiplies them with the signal.
  private mutating func prune(
    _ shape: LayerShape, _ design: TrialDesign, _ address: TrialAddress
  ) {
    selector.select(
      shape.pruned, ofFirst: shape.size, of: weights, by: design.pruning.method,
      mask: address.stream(layer: shape.layer, .mask), into: &places)
    sparse.take(places, outOf: &weights, rows: shape.rows, columns: shape.columns)
    sparse.multiply(signal, vectors: shape.vectors, into: &prunedPart)
  }

  private static func add(_ part: [Lanes], to sum: inout [Lanes], _ shape: LayerShape) {
    for index in 0..<shape.outputs { sum[index] += part[index] }
  }

  /// Applies σ, and makes this layer's results the next one's inputs.
  private mutating func activate(
    _ shape: LayerShape, _ activation: Activation, hasError: Bool
  ) throws(TrialFailure) {
    swap(&signal, &nextSignal)
    let poison: Lanes
    if hasError {
      swap(&error, &nextError)
      poison = activation.apply(count: shape.outputs, to: &signal, error: &error)
    } else {
      poison = activation.apply(count: shape.outputs, to: &signal)
    }
    if poison != Lanes.zero { throw .nonFiniteValue(layer: shape.layer) }
  }

  /// The norms of the last layer's error.
  private mutating func measure(
    _ design: TrialDesign, vectors: Int
  ) throws(TrialFailure) -> TrialErrors {
    ColumnNorms.euclidean(
      nextError, rows: design.widths[design.layerCount], vectors: vectors, into: &norms)
    var square = 0.0
    var maximum = 0.0
    for norm in norms {
      square += norm * norm
      maximum = max(maximum, norm)
    }
    guard square.isFinite else { throw .nonFiniteValue(layer: design.layerCount) }
    return TrialErrors(
      point: norms[0], rootMeanSquare: (square / Double(norms.count)).squareRoot(),
      maximum: maximum)
  }

  private mutating func reserve(_ design: TrialDesign, vectors: Int) {
    let largest = zip(design.widths, design.widths.dropFirst()).map { $0 * $1 }.max() ?? 0
    if weights.count < largest { weights = [Float](repeating: 0, count: largest) }
    let batch = (design.widths.max() ?? 0) * vectors
    if signal.count < batch {
      signal = [Lanes](repeating: .zero, count: batch)
      error = signal
      nextSignal = signal
      nextError = signal
      prunedPart = signal
    }
    if norms.count != design.inputs.count {
      norms = [Double](repeating: 0, count: design.inputs.count)
    }
  }
}
