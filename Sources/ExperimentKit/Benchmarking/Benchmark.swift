import NumericKernels
import PruningModel
import RandomStreams

/// Measures trials per second of a standard workload: uniform weights with K = √3, ReLU, α = 0.3, layers 2
/// and 3 of four pruned.
public struct Benchmark: Sendable {
  /// The network.
  public enum Network: Sendable {
    /// Four square layers and 64 inputs.
    case fullyConnected(width: Int)
    /// Three convolutions, 3 → 32 → 32 → 32 channels on 16 × 16, kernel 3, circular, and a layer of 10
    /// outputs; 16 inputs.
    case convolutional
  }

  /// The network.
  public let network: Network
  /// The pruning rule.
  public let method: PruningRule.Method
  /// The number of queues.
  public let threads: Int
  /// Seconds a measurement takes.
  public let seconds: Double

  /// - Parameters:
  ///   - network: the network; a width of at least 1.
  ///   - method: the pruning rule.
  ///   - threads: at least 1.
  ///   - seconds: above 0.
  public init(network: Network, method: PruningRule.Method, threads: Int, seconds: Double) {
    self.network = network
    self.method = method
    self.threads = threads
    self.seconds = seconds
  }

  private func design(_ measures: Measures) -> TrialDesign {
    let shapes: [LayerShape]
    let inputs: Int
    switch network {
    case .fullyConnected(let width):
      shapes = [LayerShape](repeating: .dense(outputs: width, inputs: width), count: 4)
      inputs = 64
    case .convolutional:
      shapes =
        [3, 32, 32].map { channels in
          .convolution(
            outChannels: 32,
            patches: ImagePatches(channels: channels, grid: 16, kernel: 3, isCircular: true))
        } + [.dense(outputs: 10, inputs: 32 * 256)]
      inputs = 16
    }
    return TrialDesign(
      shapes: shapes, activation: .relu, law: .uniform, scale: 3.0.squareRoot(),
      pruning: PruningRule(method: method, alpha: 0.3, layers: .hidden),
      inputs: InputSource(count: inputs, domain: .sphere), measures: measures)
  }

  /// Trials per second, all queues together.
  public func rate(measures: Measures = Measures()) -> Double {
    let design = design(measures)
    return Queues.sum(threads) { [seconds, threads] index in
      let clock = ContinuousClock()
      var runner = TrialRunner()
      var trial = UInt32(index)
      // The first trial makes room; it is not timed.
      _ = try? runner.run(design, at: TrialAddress(seed: 1, trial: trial))
      let start = clock.now
      var count = 0
      var elapsed = 0.0
      repeat {
        trial &+= UInt32(threads)
        _ = try? runner.run(design, at: TrialAddress(seed: 1, trial: trial))
        count += 1
        elapsed = (clock.now - start) / .seconds(1)
      } while elapsed < seconds
      return Double(count) / elapsed
    }
  }

  /// What a trial without further measures has to do at least.
  public struct Work: Sendable {
    /// Weights drawn.
    public let weights: Double
    /// Floating-point operations, of convolutions in their direct form, and those with zeros included:
    /// F and its error take five products, since the first layer has no error, the second one's is sparse
    /// and the last layer needs no F; and two sparse ones.
    public let operations: Double
    /// Random words: one a weight, one an entry of the inputs, and under random pruning one a pruned
    /// weight.
    public let words: Double
  }

  /// The work of one trial.
  public var work: Work {
    let design = design(Measures())
    let inputs = Double(design.inputs.count)
    var (weights, adds) = (0.0, 0.0)
    for (index, shape) in design.shapes.enumerated() {
      let isLast = index + 1 == design.layerCount
      weights += Double(shape.weightCount)
      // F but in the last layer, the error from the layer after the first pruned one on.
      adds += Double(shape.multiplyAdds) * ((isLast ? 0 : 1) + (index >= 2 ? 1 : 0))
      adds +=
        Double(design.prunedCounts[index]) * Double(shape.multiplyAdds / shape.weightCount)
    }
    let pruned = Double(design.prunedCounts.reduce(0, +))
    return Work(
      weights: weights, operations: 2 * inputs * adds,
      words: weights + inputs * Double(design.widths[0]) + (method == .random ? pruned : 0))
  }

  /// What the ball search and the certificate cost, in seconds of one thread and trial.
  public struct Costs: Sendable {
    /// A trial without either.
    public let plainTrial: Double
    /// One pass of both networks over the inputs with the weights at hand.
    public let propagation: Double
    /// One step of the ascent: a pass forwards and one backwards.
    public let ascentStep: Double
    /// A trial with the ball search as it is by default.
    public let ballLowerTrial: Double
    /// A trial with the certificate.
    public let certificateTrial: Double
  }

  /// Measures the costs, each for `seconds`.
  public func costs() -> Costs {
    func time(_ measures: Measures) -> Double { Double(threads) / rate(measures: measures) }
    func search(_ steps: Int) -> Measures {
      Measures(ballSearch: BallSearch.Settings(steps: steps, tolerance: 0))
    }
    let plain = time(Measures())
    // With no step the search is one pass forwards; without tolerance it takes every step that
    // still gains.
    let noStep = time(search(0))
    let steps = 4
    let withSteps = time(search(steps))
    return Costs(
      plainTrial: plain, propagation: noStep - plain,
      ascentStep: (withSteps - noStep) / Double(steps),
      ballLowerTrial: time(Measures(ballSearch: BallSearch.Settings())),
      certificateTrial: time(Measures(certificate: true)))
  }
}
