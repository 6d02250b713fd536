import Foundation
import NumericKernels
import RandomStreams
import Testing

@testable import PruningModel

/// Grids, kernels and paddings at their edges: side and grid of each.
private let geometries: [(grid: Int, kernel: Int, isCircular: Bool)] = [
  (1, 1, true), (1, 1, false), (3, 3, true), (3, 3, false), (4, 1, false), (4, 3, true),
  (5, 5, true), (5, 5, false), (6, 5, false), (7, 7, true), (8, 7, false), (8, 3, false),
]

@Suite struct ConvolutionTests {
  static func convolutions(
    _ channels: [Int], _ grid: Int, _ kernel: Int, _ isCircular: Bool
  ) -> [LayerShape] {
    zip(channels, channels.dropFirst()).map { into, out in
      .convolution(
        outChannels: out,
        patches: ImagePatches(
          channels: into, grid: grid, kernel: kernel, isCircular: isCircular))
    }
  }

  static func design(
    _ channels: [Int], _ geometry: (grid: Int, kernel: Int, isCircular: Bool),
    dense: [Int] = [5, 3], _ method: PruningRule.Method = .random,
    layers: PruningRule.Layers = .hidden, activation: Activation = .relu, inputs: Int = 20,
    measures: Measures = Measures()
  ) -> TrialDesign {
    let images = convolutions(channels, geometry.grid, geometry.kernel, geometry.isCircular)
    let widths = [images[images.count - 1].outputs] + dense
    return TrialDesign(
      shapes: images
        + zip(widths, widths.dropFirst()).map { .dense(outputs: $1, inputs: $0) },
      activation: activation, law: .uniform, scale: 1.7,
      pruning: PruningRule(method: method, alpha: 0.3, layers: layers),
      inputs: InputSource(count: inputs, domain: .sphere), measures: measures)
  }

  @Test("Agrees with the explicit operator", arguments: geometries)
  func equalsNaive(grid: Int, kernel: Int, isCircular: Bool) throws {
    let geometry = (grid, kernel, isCircular)
    for (channels, method) in [
      ([1, 1], PruningRule.Method.random), ([3, 9, 2], .magnitude), ([2, 1, 17], .random),
    ] {
      try TrialRunnerTests().expectAgreement(
        Self.design(channels, geometry, method, inputs: 17), trials: 0..<1)
      try TrialRunnerTests().expectAgreement(
        Self.design(
          channels, geometry, dense: [], method, layers: .all, activation: .tanh, inputs: 3),
        trials: 0..<1)
    }
  }

  /// Channels and kernels for which the fast algorithm is used.
  @Test("Agrees where tiles are multiplied", arguments: [4, 5, 7, 8])
  func tiles(grid: Int) throws {
    for isCircular in [true, false] {
      for method in PruningRule.Method.allCases {
        try TrialRunnerTests().expectAgreement(
          Self.design([8, 9, 8], (grid, 3, isCircular), method, inputs: 17), trials: 0..<2)
        try TrialRunnerTests().expectAgreement(
          Self.design(
            [8, 8, 10], (grid, 3, isCircular), dense: [], method, layers: .all,
            activation: .tanh, inputs: 3), trials: 0..<1)
      }
    }
  }

  /// The norm of the operator, built entry by entry.
  static func naiveNorm(_ weights: [Float], _ shape: LayerShape) -> Double {
    BallBracketTests.norm(
      shape.outputs, shape.inputs, NaiveNetwork.matrix(weights, shape).map(Double.init))
  }

  @Test("Norms are those of the operator, or of the larger grid's", arguments: geometries)
  func norms(grid: Int, kernel: Int, isCircular: Bool) throws {
    for (into, out) in [(1, 1), (3, 2)] {
      let shape = Self.convolutions([into, out], grid, kernel, isCircular)[0]
      guard case .convolution(_, let patches) = shape else { continue }
      for trial in 0..<1 as Range<UInt32> {
        var weights = [Float](repeating: 0, count: shape.weightCount)
        Law.gaussian.fill(
          first: weights.count, of: &weights,
          from: RandomStream(seed: 8, trial: trial, layer: 1, purpose: .weights), amplitude: 1)
        let matrix = DenseMatrix(rows: out, columns: patches.size, entries: weights)
        let norm = ConvolutionNorm(matrix, patches)
        let exact = Self.naiveNorm(weights, shape)
        #expect(norm.upperBound >= exact && norm.upperBound <= 1.01 * norm.lowerBound)
        if isCircular {
          #expect(abs(norm.lowerBound - exact) <= 1e-5 * exact)
        } else {
          let larger = Self.convolutions([into, out], grid + kernel / 2, kernel, true)[0]
          let wrapped = Self.naiveNorm(weights, larger)
          #expect(wrapped >= exact * (1 - 1e-6))
          #expect(abs(norm.lowerBound - wrapped) <= 1e-5 * wrapped)
        }
      }
    }
  }

  @Test func countsOfAKernel() throws {
    let shape = Self.convolutions([3, 4], 5, 3, true)[0]
    let design = TrialDesign(
      single: shape, law: .uniform, scale: 1, method: .magnitude, alpha: 0.3)
    let address = TrialAddress(seed: 2, trial: 0)
    var runner = TrialRunner()
    guard case .norms(let norms) = try runner.measure(design, at: address) else {
      Issue.record("no norms")
      return
    }
    var weights = [Float](repeating: 0, count: 108)
    Law.uniform.fill(
      first: 108, of: &weights, from: address.stream(layer: 1, .weights),
      amplitude: design.amplitude(layer: 1))
    let order = weights.indices.sorted { abs(weights[$0]) < abs(weights[$1]) }
    let pruned = order.prefix(design.prunedCounts[0])
    #expect(norms.threshold == Double(abs(weights[order[pruned.count]])))
    #expect(norms.maxRowCount == (0..<4).map { o in pruned.count { $0 / 27 == o } }.max())
    #expect(norms.maxColumnCount == (0..<3).map { i in pruned.count { $0 % 27 / 9 == i } }.max())
    #expect(design.amplitude(layer: 1) == Float(1 / 36.0.squareRoot()))
  }

  @Test("Ball search and certificate bracket the supremum", arguments: geometries)
  func bracket(grid: Int, kernel: Int, isCircular: Bool) throws {
    let both = Measures(ballSearch: BallSearch.Settings(), certificate: true)
    var runner = TrialRunner()
    for method in PruningRule.Method.allCases {
      let design = Self.design(
        [2, 4, 3], (grid, kernel, isCircular), method, measures: both)
      for trial in 0..<3 as Range<UInt32> {
        let errors = try runner.run(design, at: TrialAddress(seed: 5, trial: trial))
        let lower = try #require(errors.ballLower)
        let upper = try #require(errors.certificate)
        #expect(errors.maximum <= lower && lower <= upper)
      }
    }
  }

  /// Of a linear network of one convolution the search finds ‖Δ‖, so that the gradient is right.
  @Test("Linear convolutions: the search finds the operator norm", arguments: geometries)
  func linear(grid: Int, kernel: Int, isCircular: Bool) throws {
    let settings = BallSearch.Settings(steps: 3000, tolerance: 1e-9)
    let design = Self.design(
      [2, 3], (grid, kernel, isCircular), dense: [], layers: .all, activation: .identity,
      measures: Measures(ballSearch: settings))
    var runner = TrialRunner()
    let address = TrialAddress(seed: 6, trial: 1)
    let found = try #require(try runner.run(design, at: address).ballLower)
    let naive = NaiveNetwork(design, address).layers[0]
    let difference = zip(naive.full, naive.kept).map { Double($0) - Double($1) }
    let shape = design.shapes[0]
    let norm = BallBracketTests.norm(shape.outputs, shape.inputs, difference)
    #expect(abs(found - norm) <= 1e-3 * norm)
  }
}
