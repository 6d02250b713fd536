import Foundation
import NumericKernels
import RandomStreams
import Testing

@testable import PruningModel

/// Ball search and certificate bracket the supremum.
@Suite struct BallBracketTests {
  static let both = Measures(ballSearch: BallSearch.Settings(), certificate: true)

  static func design(
    _ widths: [Int], _ method: PruningRule.Method = .random, alpha: Double = 0.3,
    layers: PruningRule.Layers = .hidden, activation: Activation = .relu, law: Law = .uniform,
    inputs: Int = 32, measures: Measures = both
  ) -> TrialDesign {
    TrialDesign(
      widths: widths, activation: activation, law: law, scale: 3.0.squareRoot(),
      pruning: PruningRule(method: method, alpha: alpha, layers: layers),
      inputs: InputSource(count: inputs, domain: .sphere), measures: measures)
  }

  static func run(_ design: TrialDesign, trial: UInt32 = 0) throws -> TrialErrors {
    var runner = TrialRunner()
    return try runner.run(design, at: TrialAddress(seed: 3, trial: trial))
  }

  /// The spectral norm by the power method in double precision, long enough to converge to 1e-6 for
  /// the small matrices here.
  static func norm(_ rows: Int, _ columns: Int, _ a: [Double]) -> Double {
    var x = (0..<columns).map { cos(Double($0 * $0 + 1)) }
    var value = 0.0
    for step in 0..<5000 {
      let y = (0..<rows).map { i in (0..<columns).reduce(0.0) { $0 + a[i * columns + $1] * x[$1] } }
      let z = (0..<columns).map { j in (0..<rows).reduce(0.0) { $0 + a[$1 * columns + j] * y[$1] } }
      let length = z.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { return 0 }
      // The values grow; where they stand still to 1e-10 in a step they are within 1e-6.
      if step > 100 && length.squareRoot() <= value * (1 + 1e-10) { return length.squareRoot() }
      value = length.squareRoot()
      x = z.map { $0 / length }
    }
    return value
  }

  static func product(_ layers: [[Double]], _ widths: [Int]) -> [Double] {
    var result = layers[0]
    for k in 1..<layers.count {
      let (rows, inner, columns) = (widths[k + 1], widths[k], widths[0])
      result = (0..<rows * columns).map { index in
        (0..<inner).reduce(0.0) {
          $0 + layers[k][index / columns * inner + $1] * result[$1 * columns + index % columns]
        }
      }
    }
    return result
  }

  /// A linear network's ball error is ‖W_l…W₁ − w_l…w₁‖: the search must come within 1e-3 of it.
  @Test(
    "Linear networks: the search finds the spectral norm", arguments: PruningRule.Method.allCases)
  func linearNetworks(method: PruningRule.Method) throws {
    for (widths, layers) in [
      ([8, 20, 20, 6], PruningRule.Layers.hidden), ([16, 24, 24, 24, 10], .hidden),
      ([5, 9, 7, 4], .all), ([3, 12, 12], .listed([1])), ([12, 12], .all),
    ] {
      let design = Self.design(widths, method, layers: layers, activation: .identity)
      for trial in 0..<4 as Range<UInt32> {
        let errors = try Self.run(design, trial: trial)
        let network = NaiveNetwork(design, TrialAddress(seed: 3, trial: trial))
        let full = Self.product(network.layers.map { $0.full.map(Double.init) }, widths)
        let kept = Self.product(network.layers.map { $0.kept.map(Double.init) }, widths)
        let exact = Self.norm(widths[widths.count - 1], widths[0], zip(full, kept).map { $0 - $1 })
        let lower = try #require(errors.ballLower)
        // Single precision may exceed the supremum by its rounding.
        #expect(lower <= exact * (1 + 1e-5) && lower >= exact * (1 - 1e-3))
        #expect(lower >= errors.maximum)
        #expect(try #require(errors.certificate) >= exact)
      }
    }
  }

  /// Two inputs: the sphere is a circle, searched at 20,000 angles. Between angles of 3e-4 the
  /// error changes by less than 3e-4 of a Lipschitz constant a few times the supremum: 1e-2 is
  /// allowed for that, for local maxima the ascent ends in, and for its tolerance.
  @Test("ReLU networks of two inputs", arguments: [Activation.relu, .leakyRelu(slope: 0.3), .tanh])
  func denseSearch(activation: Activation) throws {
    for trial in 0..<6 as Range<UInt32> {
      let design = Self.design([2, 12, 12, 3], activation: activation)
      let errors = try Self.run(design, trial: trial)
      let count = 20_000
      let points = (0..<count).flatMap { index -> [Float] in
        let angle = 2 * Double.pi * Double(index) / Double(count)
        return [Float(cos(angle)), Float(sin(angle))]
      }
      let dense = TrialDesign(
        widths: design.widths, activation: activation, law: design.law, scale: design.scale,
        pruning: design.pruning, inputs: InputSource(count: count, domain: .points(points)))
      let supremum = try Self.run(dense, trial: trial).maximum
      let lower = try #require(errors.ballLower)
      #expect(lower <= supremum * 1.001)
      #expect(lower >= supremum * 0.99)
      #expect(try #require(errors.certificate) >= supremum)
    }
  }

  @Test(
    "The gradient is that of half the squared error",
    arguments: [
      Activation.identity, .tanh, .leakyRelu(slope: 0.2), .relu,
    ])
  func ascentFollowsTheGradient(activation: Activation) throws {
    // One step from one point moves to the normalised gradient: compare with finite differences of
    // the naive network, in double precision. 2e-3: differences across 1e-4 see kinks now and then.
    let one = Measures(ballSearch: BallSearch.Settings(steps: 1, tolerance: 0))
    for layers in [PruningRule.Layers.hidden, .all, .listed([3])] {
      let design = Self.design(
        [4, 10, 10, 10, 3], layers: layers, activation: activation, inputs: 1, measures: one)
      let address = TrialAddress(seed: 3, trial: 1)
      let network = NaiveNetwork(design, address)
      let x = network.inputs[0].map(Double.init)
      func half(_ x: [Double]) -> Double { pow(network.error(at: x), 2) / 2 }
      let gradient = x.indices.map { index -> Double in
        var (up, down) = (x, x)
        up[index] += 1e-4
        down[index] -= 1e-4
        return (half(up) - half(down)) / 2e-4
      }
      let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let reached = network.error(at: gradient.map { $0 / length })
      let lower = try #require(try Self.run(design, trial: 1).ballLower)
      let start = network.error(at: x)
      #expect(abs(lower - max(reached, start)) <= 2e-3 * lower, "\(layers)")
    }
  }

  @Test(
    "Lower ≤ upper, and the search never loses what was sampled",
    arguments: [
      Activation.relu, .tanh, .identity, .leakyRelu(slope: -1.5),
    ])
  func bracket(activation: Activation) throws {
    for method in PruningRule.Method.allCases {
      for layers in [PruningRule.Layers.hidden, .all, .listed([2, 4])] {
        let design = Self.design(
          [7, 33, 20, 40, 5], method, layers: layers, activation: activation)
        for trial in 0..<3 as Range<UInt32> {
          let errors = try Self.run(design, trial: trial)
          let (lower, upper) = (try #require(errors.ballLower), try #require(errors.certificate))
          #expect(errors.maximum <= lower && lower <= upper)
        }
      }
    }
  }

  @Test func theCertificateIsTheFormula() throws {
    let design = Self.design([7, 20, 21, 22, 5], layers: .listed([2, 3]))
    let network = NaiveNetwork(design, TrialAddress(seed: 3, trial: 0))
    let widths = design.widths
    func norm(_ k: Int, _ entries: [Float]) -> Double {
      Self.norm(widths[k], widths[k - 1], entries.map(Double.init))
    }
    let full = (1...4).map { norm($0, network.layers[$0 - 1].full) }
    let kept = (1...4).map { norm($0, network.layers[$0 - 1].kept) }
    let pruned = (1...4).map { k in
      norm(k, zip(network.layers[k - 1].full, network.layers[k - 1].kept).map { $0 - $1 })
    }
    let formula =
      kept[0] * pruned[1] * full[2] * full[3] + kept[0] * kept[1] * pruned[2] * full[3]
    let certificate = try #require(try Self.run(design).certificate)
    #expect(certificate >= formula && certificate <= formula * pow(1.01, 4))
  }

  @Test func nothingPrunedIsBracketedByZero() throws {
    let errors = try Self.run(Self.design([4, 9, 3]))
    #expect(errors.ballLower == 0 && errors.certificate == 0)
  }

  @Test func measuringMoreDoesNotChangeTheErrors() throws {
    let plain = try Self.run(Self.design([7, 33, 20, 5], measures: Measures()))
    let more = try Self.run(Self.design([7, 33, 20, 5]))
    #expect(plain.point == more.point && plain.maximum == more.maximum)
    #expect(plain.rootMeanSquare == more.rootMeanSquare)
    #expect(plain.ballLower == nil && plain.certificate == nil)
  }
}
