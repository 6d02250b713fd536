import Foundation
import NumericKernels
import RandomStreams
import Testing

@testable import PruningModel

@Suite struct TrialRunnerTests {
  static func design(
    _ widths: [Int], _ method: PruningRule.Method = .random, alpha: Double = 0.3,
    layers: PruningRule.Layers = .hidden, activation: Activation = .relu, law: Law = .uniform,
    scale: Double = 3.0.squareRoot(), inputs: Int = 20, domain: InputSource.Domain = .sphere
  ) -> TrialDesign {
    TrialDesign(
      widths: widths, activation: activation, law: law, scale: scale,
      pruning: PruningRule(method: method, alpha: alpha, layers: layers),
      inputs: InputSource(count: inputs, domain: domain))
  }

  /// The accuracy promised to users: 1e-4 relative.
  func expectAgreement(_ design: TrialDesign, trials: Range<UInt32> = 0..<3) throws {
    var runner = TrialRunner()
    for trial in trials {
      let address = TrialAddress(seed: 11, trial: trial)
      let errors = try runner.run(design, at: address)
      let naive = NaiveNetwork(design, address).errors(in: Double.self)
      let square = naive.reduce(0) { $0 + $1 * $1 } / Double(naive.count)
      #expect(abs(errors.point - naive[0]) <= 1e-4 * naive[0], "\(design)")
      #expect(abs(errors.maximum - naive.max()!) <= 1e-4 * naive.max()!, "\(design)")
      #expect(abs(errors.rootMeanSquare - square.squareRoot()) <= 1e-4 * square.squareRoot())
    }
  }

  @Test(
    "Agrees with the naive double-precision network",
    arguments: [Activation.relu, .leakyRelu(slope: 0.1), .leakyRelu(slope: -2), .tanh, .identity],
    PruningRule.Method.allCases)
  func activations(activation: Activation, method: PruningRule.Method) throws {
    try expectAgreement(Self.design([16, 33, 31, 40, 10], method, activation: activation))
    try expectAgreement(
      Self.design([5, 17, 9, 3], method, layers: .all, activation: activation, scale: 4))
  }

  @Test(
    "Agrees for every law",
    arguments: [Law.uniform, .gaussian, .rademacher, .laplace, .studentT(degreesOfFreedom: 5)])
  func laws(law: Law) throws {
    try expectAgreement(Self.design([16, 40, 40, 7], law: law))
    if law != .rademacher {
      try expectAgreement(Self.design([16, 40, 40, 7], .magnitude, law: law))
    }
  }

  @Test(
    "Agrees where weights are drawn in panels, whatever is pruned",
    arguments: [Law.uniform, .gaussian, .rademacher],
    [PruningRule.Layers.hidden, .all, .listed([2]), .listed([4])])
  func panels(law: Law, layers: PruningRule.Layers) throws {
    // Two groups of inputs, two panels, a layer between panels that has none.
    let design = Self.design([16, 128, 64, 100, 64], layers: layers, law: law, inputs: 66)
    #expect((1...4).map { design.isDrawnInPanels(layer: $0) } == [false, true, false, true])
    try expectAgreement(design, trials: 0..<1)
    // Of the others there is no fourth layer.
    guard layers != .listed([4]) else { return }
    let wide = Self.design([16, 64, 128, 10], layers: layers, law: law, inputs: 3)
    #expect((1...3).map { wide.isDrawnInPanels(layer: $0) } == [false, true, false])
    try expectAgreement(wide, trials: 0..<1)
    // From the inputs on, with columns that are no multiple of 64.
    let whole = Self.design([100, 128, 64, 128], layers: layers, law: law, inputs: 66)
    #expect((1...3).map { whole.isDrawnInPanels(layer: $0) } == [true, true, true])
    try expectAgreement(whole, trials: 0..<1)
  }

  @Test(
    "Agrees for one layer", arguments: [[64, 64], [100, 130], [5, 7]], [Activation.relu, .tanh])
  func oneLayer(widths: [Int], activation: Activation) throws {
    for method in PruningRule.Method.allCases {
      try expectAgreement(
        Self.design(widths, method, layers: .all, activation: activation, inputs: 18))
    }
  }

  @Test(
    "Agrees at awkward shapes",
    arguments: [
      [1, 1], [1, 1, 1, 1], [2, 97, 1, 5, 3], [31, 5, 97, 33, 1], [3, 1, 1, 64, 2],
      [64, 64, 64, 64],
    ])
  func shapes(widths: [Int]) throws {
    for inputs in [1, 15, 16, 17, 65] {
      try expectAgreement(Self.design(widths, layers: .all, activation: .tanh, inputs: inputs))
      try expectAgreement(Self.design(widths, .magnitude, layers: .all, inputs: inputs))
    }
  }

  @Test(
    "Agrees for every choice of layers",
    arguments: [[1], [2], [4], [1, 3], [2, 4], [1, 4], [1, 2, 3, 4]])
  func layers(list: [Int]) throws {
    try expectAgreement(Self.design([6, 20, 21, 22, 4], layers: .listed(list)))
    try expectAgreement(Self.design([6, 20, 21, 22, 4], .magnitude, layers: .listed(list)))
  }

  @Test func ballAndGivenInputs() throws {
    try expectAgreement(Self.design([6, 20, 20, 4], domain: .ball))
    let points: [Float] = [1, 0, 0, 0, 0.5, -0.5, 0.1, 0.2, 0.3]
    try expectAgreement(Self.design([3, 20, 20, 4], inputs: 3, domain: .points(points)))
  }

  /// Where e/‖F‖ is near 1e-6 the propagated error still has 1e-4 relative accuracy, and the
  /// difference of two single-precision outputs does not: its error is about 1e-7·‖F‖, 10% of e.
  @Test(
    "Tiny errors keep their accuracy, where subtraction loses it",
    arguments: [
      Activation.relu, .tanh, .identity,
    ])
  func tinyErrors(activation: Activation) throws {
    let design = Self.design(
      [16, 160, 160, 160, 10], .magnitude, alpha: 0.95, activation: activation, scale: 1.5,
      inputs: 4)
    var runner = TrialRunner()
    var (worst, worstBySubtraction) = (0.0, 0.0)
    var ratios: [Double] = []
    for trial in 0..<6 as Range<UInt32> {
      let address = TrialAddress(seed: 5, trial: trial)
      let network = NaiveNetwork(design, address)
      let exact = network.errors(in: Double.self).max()!
      let subtracted = network.errors(in: Float.self).max()!
      let error = try runner.run(design, at: address).maximum
      if exact == 0 {  // both pruned weights meet dead units
        #expect(error == 0)
        continue
      }
      ratios.append(exact / network.outputNorm)
      worst = max(worst, abs(error / exact - 1))
      worstBySubtraction = max(worstBySubtraction, abs(subtracted / exact - 1))
    }
    #expect(ratios.contains { $0 < 3e-6 }, "\(ratios)")
    #expect(worst < 1e-4)
    #expect(worstBySubtraction > 1e-2)
  }

  @Test(
    "A look into a trial shows every layer's own signal and error",
    arguments: [[16, 33, 31, 40, 10], [16, 128, 64, 100, 64], [64, 64, 64, 64, 64]],
    PruningRule.Method.allCases)
  func inspection(widths: [Int], method: PruningRule.Method) throws {
    for layers in [PruningRule.Layers.hidden, .all] {
      let design = Self.design(widths, method, layers: layers)
      let address = TrialAddress(seed: 11, trial: 2)
      let inspection = try TrialInspection(design, at: address)
      for (seen, exact) in zip(inspection.layers, NaiveNetwork(design, address).largestNorms()) {
        if let signal = seen.largestSignal {
          #expect(abs(signal - exact.signal) <= 1e-4 * exact.signal)
        }
        let error = try #require(seen.largestError)
        #expect(abs(error - exact.error) <= 1e-4 * exact.error)
      }
      #expect(inspection.layers.map { $0.largestSignal == nil } == [false, false, false, true])
    }
  }

  @Test func nothingPrunedIsNoError() throws {
    var runner = TrialRunner()
    let errors = try runner.run(Self.design([4, 9, 3]), at: TrialAddress(seed: 1, trial: 0))
    #expect(errors == TrialErrors(point: 0, rootMeanSquare: 0, maximum: 0))
  }

  @Test func resultsDoNotDependOnWhatRanBefore() throws {
    let designs = [
      Self.design([16, 64, 64, 10]), Self.design([3, 5, 7, 2], .magnitude, inputs: 3),
      Self.design([16, 40, 41, 42, 10], layers: .all, activation: .tanh, inputs: 33),
    ]
    var used = TrialRunner()
    for trial in 0..<4 as Range<UInt32> {
      for design in designs {
        var fresh = TrialRunner()
        let address = TrialAddress(seed: 2, trial: trial)
        #expect(try used.run(design, at: address) == fresh.run(design, at: address))
      }
    }
  }

  @Test func addressesMatter() throws {
    var runner = TrialRunner()
    let design = Self.design([16, 64, 64, 10])
    let addresses = [
      TrialAddress(seed: 1, trial: 0), TrialAddress(seed: 2, trial: 0),
      TrialAddress(seed: 1, trial: 1), TrialAddress(seed: 1, trial: 0, cell: 1),
      TrialAddress(seed: 1 << 32, trial: 0),
    ]
    var seen: Set<TrialErrors> = []
    for address in addresses { seen.insert(try runner.run(design, at: address)) }
    #expect(seen.count == addresses.count)
  }

  @Test("Non-finite weights and values are failures, never results")
  func failures() {
    func failure(_ design: TrialDesign) -> TrialFailure? {
      var runner = TrialRunner()
      do throws(TrialFailure) {
        _ = try runner.run(design, at: TrialAddress(seed: 1, trial: 0))
        return nil
      } catch { return error }
    }
    let heavy = Self.design([16, 64, 64, 10], law: .studentT(degreesOfFreedom: 0.05))
    #expect(failure(heavy) == .nonFiniteWeight(layer: 1))
    // Negative infinities would vanish in a ReLU: the check is on the values before it.
    let large = Self.design([16, 64, 64, 64, 10], scale: 1e20)
    #expect(failure(large) == .nonFiniteValue(layer: 2))
    #expect(failure(Self.design([16, 64, 64, 10], activation: .tanh, scale: 1e20)) == nil)
    let last = Self.design([4, 5, 5, 5], layers: .all, activation: .identity, scale: 4e13)
    #expect(failure(last) == .nonFiniteValue(layer: 3))
  }

  @Test func memoryIsCountedBeforeItIsTaken() {
    let design = Self.design([16, 1000, 1000, 10], inputs: 64)
    // A million weights, as many marks of two bits and of one, 2¹⁵ slots for the 15,848 swaps that
    // 1000^(2·0.7) allows, and their targets; five batches of 1000 × 64, and four in 16 tiles of 64 × 64 with
    // their bits; a panel of 64 rows; the sparse rows and the inputs are small beside these.
    let large =
      4_000_000 + 375_000 + 32_768 * 8 + 15_848 * 4 + 5 * 256_000 + 4 * 16 * (16_384 + 512)
      + 256_000
    #expect(design.workspaceBytes > large)
    #expect(design.workspaceBytes < large + 500_000)
    // The same with a width of 1024: the million weights are drawn in panels and not held.
    #expect(Self.design([16, 1024, 1024, 10], inputs: 64).workspaceBytes < large - 3_000_000)
  }
}
