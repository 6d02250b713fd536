import NumericKernels
import RandomStreams

/// How fast the kernels are by themselves, on one core.
public struct KernelRates: Sendable {
  /// The product kernel at one size.
  public struct Product: Sendable {
    /// Rows and columns of the weight matrix.
    public let width: Int
    /// Columns of the batch.
    public let inputs: Int
    /// Floating-point operations per second.
    public let rate: Double
    /// Its part of the multiply-add peak, both the best of rounds that take turns.
    public let share: Double
  }

  /// Widths 256 … 2048, 64 and 128 inputs.
  public let products: [Product]
  /// Draws per second of each law, written to an array of 16,384 numbers.
  public let draws: [(law: String, rate: Double)]

  /// Measures for some seconds.
  public init() {
    products = [256, 512, 1024, 2048].flatMap { width in
      [64, 128].map { Self.product(width: width, inputs: $0) }
    }
    let laws: [(String, Law)] = [
      ("uniform", .uniform), ("gaussian", .gaussian), ("rademacher", .rademacher),
      ("laplace", .laplace), ("studentT, 5 degrees of freedom", .studentT(degreesOfFreedom: 5)),
    ]
    draws = laws.map { ($0.0, Self.drawRate($0.1)) }
  }

  private static let rounds = 40

  private static func product(width: Int, inputs: Int) -> Product {
    let vectors = Lanes.vectors(holding: inputs)
    var weights = [Float](repeating: 0, count: width * width)
    let stream = RandomStream(seed: 1, trial: 0, layer: 1, purpose: .weights)
    Law.uniform.fill(first: weights.count, of: &weights, from: stream, amplitude: 1)
    let batch = Batch(repeatElement(Lanes(repeating: 0.5), count: width * vectors))
    var result = Batch(count: width * vectors)
    let repeats = max(1, 1_000_000 / (width * width))
    let work = 2 * Double(repeats * width * width * vectors * Lanes.width)
    let clock = ContinuousClock()
    var (peak, rate) = (0.0, 0.0)
    for _ in 0..<rounds {
      peak = max(peak, MultiplyAddPeak.measure())
      let time = clock.measure {
        for _ in 0..<repeats {
          MatrixProduct.multiply(
            weights: weights, rows: width, columns: width, batch: batch, vectors: vectors,
            into: &result)
        }
      }
      rate = max(rate, work / (time / .seconds(1)))
    }
    return Product(width: width, inputs: inputs, rate: rate, share: rate / peak)
  }

  private static func drawRate(_ law: Law) -> Double {
    var entries = [Float](repeating: 0, count: 16384)
    let clock = ContinuousClock()
    var rate = 0.0
    for round in 0..<UInt32(10 * rounds) {
      let stream = RandomStream(seed: 1, trial: round, layer: 1, purpose: .weights)
      let time = clock.measure {
        law.fill(first: entries.count, of: &entries, from: stream, amplitude: 1)
      }
      rate = max(rate, Double(entries.count) / (time / .seconds(1)))
    }
    return rate
  }
}
