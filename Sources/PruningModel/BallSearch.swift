import NumericKernels

/// Searches the unit sphere for a large error by ascent from many points at once:
/// x ← g/‖g‖ with g = J(x)ᵀ(F(x) − f(x)), J = DF − Df, the gradient of ½‖F − f‖².
///
/// For a linear network this is the power method for ‖W_l…W₁ − w_l…w₁‖. Every point visited is on
/// the sphere, so the largest error seen is a lower estimate of the ball error, whatever the search
/// does.
public struct BallSearch: ~Copyable {
  /// When the search ends.
  public struct Settings: Hashable, Sendable {
    /// The largest number of steps.
    public let steps: Int
    /// The search ends when the best error has grown by less than this, relatively, over
    /// `patience` steps.
    public let tolerance: Double

    /// - Parameters:
    ///   - steps: at least 0.
    ///   - tolerance: at least 0.
    public init(steps: Int = 100, tolerance: Double = 1e-4) {
      self.steps = steps
      self.tolerance = tolerance
    }
  }

  private static let patience = 5

  private var propagation = ErrorPropagation()
  private var tape: SlopeTape? = SlopeTape()
  private var gradient = GradientPass()
  private var norms: [Double] = []

  init() {}

  /// The largest error found from the given points.
  ///
  /// - Parameters:
  ///   - network: the layers.
  ///   - design: widths, activation and the number of points.
  ///   - inputs: the start: input width × vectors.
  /// - Returns: nil if no finite error was found.
  mutating func run(
    _ network: ArraySlice<PrunedLayer>, _ design: TrialDesign, from inputs: [Lanes],
    settings: Settings
  ) -> Double? {
    let vectors = Lanes.vectors(holding: design.inputs.count)
    propagation.reserve(design, vectors: vectors)
    gradient.reserve(design, vectors: vectors)
    norms = [Double](repeating: 0, count: vectors * Lanes.width)
    for index in 0..<design.shapes[0].inputs * vectors { propagation.signal[index] = inputs[index] }
    var best = 0.0
    var history = [0.0]
    // Each turn measures the points reached, then moves them; the first one measures the start.
    for step in 0...settings.steps {
      guard forward(network, design.activation, vectors) else { break }
      propagation.giveRows()
      propagation.errorNorms(width: design.outputWidth, vectors: vectors, into: &norms)
      best = norms.prefix(design.inputs.count).reduce(best) { $1.isFinite ? max($0, $1) : $0 }
      history.append(best)
      if step >= Self.patience {
        let earlier = history[history.count - 1 - Self.patience]
        if best <= earlier * (1 + settings.tolerance) { break }
      }
      guard step < settings.steps, let tape else { break }
      gradient.run(network, tape, error: propagation.error, vectors: vectors)
      move(width: design.shapes[0].inputs, vectors: vectors)
    }
    return best.isFinite ? best : nil
  }

  /// Both networks at the points in `propagation.signal`.
  private mutating func forward(
    _ network: ArraySlice<PrunedLayer>, _ activation: Activation, _ vectors: Int
  ) -> Bool {
    propagation.start()
    tape?.rewind()
    for (index, layer) in network.enumerated() {
      let isLast = index == network.count - 1
      guard
        propagation.apply(
          layer, activation: isLast ? nil : activation, vectors: vectors, tape: &tape)
      else { return false }
    }
    return true
  }

  /// The gradients, scaled to norm 1, become the points; a point without a gradient becomes 0, where
  /// the error is 0.
  private mutating func move(width: Int, vectors: Int) {
    ColumnNorms.euclidean(gradient.difference, rows: width, vectors: vectors, into: &norms)
    for vector in 0..<vectors {
      var factors = Lanes.zero
      for lane in 0..<Lanes.width {
        let norm = norms[vector * Lanes.width + lane]
        // Gradients beyond the range of Float in their inverse norm cannot be scaled.
        if norm > 0x1p-120 && norm < 0x1p120 { factors[lane] = Float(1 / norm) }
      }
      for index in stride(from: vector, to: width * vectors, by: vectors) {
        let scaled = gradient.difference[index] * factors
        propagation.signal[index] = scaled.replacing(with: 0, where: scaled .!= scaled)
      }
    }
  }
}

/// The gradient of ½‖F − f‖² with respect to the inputs.
///
/// Both networks' gradients nearly cancel, so their difference is propagated itself, as the error is
/// forwards: with a the vector at F, b at f and c = a − b, a layer takes c to wᵀc + Δᵀa, an
/// activation to D c + (D − D′) b, D and D′ the slopes at F and f.
private struct GradientPass: ~Copyable {
  private var full = Batch()
  /// After a run, the gradient: input width × vectors.
  private(set) var difference = Batch()
  private var nextFull = Batch()
  private var nextDifference = Batch()
  private var scratch = ConvolutionScratch()

  mutating func reserve(_ design: TrialDesign, vectors: Int) {
    let count = design.largestWidth * vectors
    design.reserve(&scratch, vectors: vectors)
    full.reserve(count)
    difference.reserve(count)
    nextFull.reserve(count)
    nextDifference.reserve(count)
  }

  mutating func run(
    _ network: ArraySlice<PrunedLayer>, _ tape: SlopeTape, error: borrowing Batch, vectors: Int
  ) {
    guard let last = network.last, let first = network.firstIndex(where: \.isPruned) else { return }
    for index in 0..<last.shape.outputs * vectors { full[index] = error[index] }
    var hasDifference = false
    for (index, layer) in zip(network.indices, network).reversed() {
      let inputs = layer.shape.inputs * vectors
      // Below the first pruned layer both networks agree, and only the difference matters.
      if index > first {
        layer.multiplyKeptTransposed(full, vectors: vectors, scratch: &scratch, into: &nextFull)
        layer.addPrunedTransposed(full, vectors: vectors, scratch: &scratch, to: &nextFull)
      }
      if hasDifference {
        layer.multiplyKeptTransposed(
          difference, vectors: vectors, scratch: &scratch, into: &nextDifference)
      } else {
        for place in 0..<inputs { nextDifference[place] = .zero }
      }
      layer.addPrunedTransposed(full, vectors: vectors, scratch: &scratch, to: &nextDifference)
      hasDifference = true
      swap(&full, &nextFull)
      swap(&difference, &nextDifference)
      guard index > network.startIndex else { break }
      let slopes = tape.layers[index - network.startIndex - 1]
      for place in 0..<inputs {
        let slope = slopes.full[place]
        if slopes.kept.isEmpty {
          difference[place] *= slope
        } else {
          let kept = full[place] - difference[place]
          difference[place] = difference[place] * slope + kept * (slope - slopes.kept[place])
        }
        full[place] *= slope
      }
    }
  }
}
