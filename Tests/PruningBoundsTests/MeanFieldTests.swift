import Testing

@testable import PruningBounds

@Suite struct MeanFieldTests {
  static let tall = ([16, 64, 64, 64, 10], 3.0.squareRoot(), 0.2)
  static let small = ([8, 32, 32, 5], 3.0, 0.1)

  /// References: the plain recursion of covariances with 30 digits (piecewise linear activations),
  /// or with two-dimensional trapezoidal sums in double precision (tanh; it subtracts, so 1e-10).
  @Test(
    "Agrees with the plain recursion",
    arguments: [
      (.piecewiseLinear(slope: 0.1), .random, 0.0778490878779, 0.692100330771),
      (.piecewiseLinear(slope: 0.1), .magnitude, 0.0163191113819, 0.356184598905),
      (.piecewiseLinear(slope: 1), .random, 0.231507884392, 1.45236875483),
      (.piecewiseLinear(slope: 1), .magnitude, 0.0460909194573, 0.727246309803),
      (.piecewiseLinear(slope: -0.5), .random, 0.0984160182678, 0.788255293005),
      (.piecewiseLinear(slope: -0.5), .magnitude, 0.0220901290431, 0.423146069272),
      (.piecewiseLinear(slope: 0), .random, 0.0754380661185, 0.674757857987),
      (.piecewiseLinear(slope: 0), .magnitude, 0.0160235329235, 0.349897683796),
      (.hyperbolicTangent, .random, 0.22151626222, 1.13301119752),
      (.hyperbolicTangent, .magnitude, 0.0441029432179, 0.570012462338),
    ] as [(ActivationMoments, PruningMethod, Double, Double)])
  func recursion(
    activation: ActivationMoments, method: PruningMethod, tall: Double, small: Double
  ) throws {
    for ((widths, scale, alpha), expected) in [(Self.tall, tall), (Self.small, small)] {
      let network = network(widths, .uniform, method, scale: scale, alpha: alpha)
      let value = try #require(MeanField.rootMeanSquareError(network, activation: activation))
      #expect(relativeError(value, expected) < (activation == .hyperbolicTangent ? 1e-8 : 1e-11))
    }
  }

  @Test("Tiny and total pruning lose no accuracy")
  func edges() throws {
    // One weight of 10⁸, identity, one hidden layer pruned: E = p times the product of the gains.
    let widths = [4, 10_000, 10_000, 3]
    let layers = (1...3).map { k in
      LayerHypotheses(
        rows: widths[k], columns: widths[k - 1], scale: 1, pruned: k == 2 ? 1 : 0, law: .gaussian,
        method: .random)
    }
    let network = NetworkHypotheses(layers: layers, activation: .lipschitz(1))
    let value = try #require(
      MeanField.rootMeanSquareError(network, activation: .piecewiseLinear(slope: 1)))
    #expect(relativeError(value, (3e-8 * 4 / 10_000 / 4).squareRoot()) < 1e-14)
    let relu = try #require(
      MeanField.rootMeanSquareError(network, activation: .piecewiseLinear(slope: 0)))
    #expect(relu > 0 && relu < value)

    // Everything pruned: the error is the output itself.
    let all = NetworkHypotheses(
      layers: [
        LayerHypotheses(
          rows: 8, columns: 8, scale: 1, pruned: 0, law: .uniform, method: .magnitude),
        LayerHypotheses(
          rows: 8, columns: 8, scale: 1, pruned: 64, law: .uniform, method: .magnitude),
        LayerHypotheses(
          rows: 8, columns: 8, scale: 1, pruned: 0, law: .uniform, method: .magnitude),
      ], activation: .lipschitz(1))
    for slope in [0.0, 1] {
      let gain = (1 + slope * slope) / 2 / 3
      let value = try #require(
        MeanField.rootMeanSquareError(all, activation: .piecewiseLinear(slope: slope)))
      #expect(relativeError(value, (gain * gain / 3).squareRoot()) < 1e-14)
    }
  }

  @Test func nothingPrunedPredictsNoError() {
    let network = network([3, 4, 2], .uniform, .random, scale: 1, alpha: 0.5)
    #expect(
      MeanField.rootMeanSquareError(network, activation: .piecewiseLinear(slope: 0)) == 0)
    #expect(MeanField.rootMeanSquareError(network, activation: .hyperbolicTangent) == 0)
  }
}
