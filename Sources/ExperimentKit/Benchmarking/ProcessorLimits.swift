import NumericKernels
import RandomStreams

/// What the processor can do at most, all queues together: what a rate is compared with.
public struct ProcessorLimits: Sendable {
  /// Floating-point operations per second in fused multiply-adds on registers.
  public let multiplyAdds: Double
  /// Random words per second that are generated and not used.
  public let words: Double

  /// Measures for about 0.1 s, the best of short rounds: what disturbs the machine meanwhile only
  /// makes a round slower.
  ///
  /// - Parameter threads: queues that work at the same time, since cores may share what they have.
  public init(threads: Int) {
    func best(_ measure: @escaping @Sendable () -> Double) -> Double {
      Queues.sum(threads) { _ in (0..<32).map { _ in measure() }.max() ?? 0 }
    }
    multiplyAdds = best { MultiplyAddPeak.measure() }
    words = best { RandomWordPeak.measure() }
  }
}
