import Foundation
import Testing

@testable import PruningBounds

/// Each step of the proof of the sharp point bound, in its order: a false step fails its test.
@Suite struct SharpProofTests {
  /// (2j − 1)!!.
  static func oddFactorial(_ j: Int) -> Double {
    (0..<j).reduce(1) { $0 * Double(2 * $1 + 1) }
  }

  /// E Z^{2j} of |Z| on [low, high] with a density, by Gauss's rule on many panels.
  static func evenMoments(
    _ low: Double, _ high: Double, upTo order: Int, density: (Double) -> Double
  ) -> [Double] {
    let panels = 4000
    let nodes = [-0.7745966692414834, 0, 0.7745966692414834]
    let weights = [5.0 / 9, 8.0 / 9, 5.0 / 9]
    var sums = [Double](repeating: 0, count: order + 1)
    for panel in 0..<panels {
      let width = (high - low) / Double(panels)
      let centre = low + (Double(panel) + 0.5) * width
      for (node, weight) in zip(nodes, weights) {
        let z = centre + node * width / 2
        var power = weight * width / 2 * density(z)
        for j in 0...order {
          sums[j] += power
          power *= z * z
        }
      }
    }
    return sums.map { $0 / sums[0] }
  }

  /// (a) Even moments of one entry: E Z^{2j} ≤ (2j − 1)!! (E Z²)^j.
  @Test("Step a: laws are good, also conditioned on a threshold")
  func goodLaws() {
    let order = 20
    var laws: [(String, [Double])] = []
    for t in [1e-3, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99] {
      laws.append(("uniform below \(t)", Self.evenMoments(0, t, upTo: order) { _ in 1 }))
      laws.append(("uniform above \(t)", Self.evenMoments(t, 1, upTo: order) { _ in 1 }))
    }
    for t in [1e-3, 0.1, 0.5, 1, 2, 3, 5] {
      let gaussian = { (z: Double) in exp(-z * z / 2) }
      laws.append(("gaussian below \(t)", Self.evenMoments(0, t, upTo: order, density: gaussian)))
      // From t on, with the density relative to that at t, so that nothing underflows.
      let above = Self.evenMoments(t, t + 20, upTo: order) { exp((t - $0) * (t + $0) / 2) }
      laws.append(("gaussian above \(t)", above))
    }
    laws.append(("rademacher", [Double](repeating: 1, count: order + 1)))
    for (name, moments) in laws {
      for j in 1...order {
        #expect(
          moments[j] <= Self.oddFactorial(j) * pow(moments[1], Double(j)) * (1 + 1e-9),
          "\(name), order \(2 * j)")
      }
    }
    // A law that is not: Laplace's fourth moment is 6 (E Z²)², above 3.
    let laplace = Self.evenMoments(0, 60, upTo: 2) { exp(-$0) }
    #expect(laplace[2] > Self.oddFactorial(2) * laplace[1] * laplace[1])
  }

  /// (a) for sums: E(Σ a_i Z_i)^{2n} ≤ (2n − 1)!! (Σ a_i²)^n, over all signs.
  @Test("Step a: sums of good variables have at most gaussian moments")
  func sumsOfSigns() {
    var random = SmallGenerator(seed: 1)
    for count in 1...10 {
      let a = (0..<count).map { _ in random.gaussian() }
      let variance = a.reduce(0) { $0 + $1 * $1 }
      for n in 1...8 {
        var moment = 0.0
        for signs in 0..<1 << count {
          let sum = a.indices.reduce(0.0) { $0 + (signs >> $1 & 1 == 0 ? a[$1] : -a[$1]) }
          moment += pow(sum, Double(2 * n))
        }
        moment /= Double(1 << count)
        #expect(moment <= Self.oddFactorial(n) * pow(variance, Double(n)) * (1 + 1e-12))
      }
    }
  }

  static let activations: [(name: String, slope: Double, map: @Sendable (Double) -> Double)] = [
    ("relu", 0, { max($0, 0) }), ("leaky", 0.3, { $0 > 0 ? $0 : 0.3 * $0 }),
    ("identity", 1, { $0 }), ("tanh", 1, { tanh($0) }),
  ]

  /// (b) Y(w), Y(−w) ≤ X and Y(w) + Y(−w) ≤ (1 + a²) X, with Y = (σ(u) − σ(u'))², X = (u − u')².
  @Test("Step b: what a sign costs")
  func signLemma() {
    let grid = stride(from: -3.0, through: 3, by: 0.05)
    for (name, slope, σ) in Self.activations {
      for u in grid {
        for v in grid {
          let x = (u - v) * (u - v)
          let (y, mirrored) = (pow(σ(u) - σ(v), 2), pow(σ(-u) - σ(-v), 2))
          #expect(max(y, mirrored) <= x + 1e-12, "\(name) \(u) \(v)")
          #expect(y + mirrored <= (1 + slope * slope) * x + 1e-12, "\(name) \(u) \(v)")
          #expect(σ(u) * σ(u) + σ(-u) * σ(-u) <= (1 + slope * slope) * u * u + 1e-12)
        }
      }
    }
  }

  /// (b) E φ(Σ Y_i) ≤ E φ(Σ b_i X_i) for φ = (·)^q, over all signs of five rows.
  @Test("Step b: signs of rows, exhaustively")
  func signsOfRows() {
    var random = SmallGenerator(seed: 2)
    for (name, slope, σ) in Self.activations {
      for _ in 0..<50 {
        let rows = (0..<5).map { _ in (random.gaussian(), random.gaussian()) }
        for q in [1.0, 2, 3, 7] {
          var (left, right) = (0.0, 0.0)
          for signs in 0..<32 {
            var (sum, bound) = (0.0, 0.0)
            for (index, (u, v)) in rows.enumerated() {
              let isSet = signs >> index & 1 == 1
              let sign: Double = isSet ? -1 : 1
              sum += pow(σ(sign * u) - σ(sign * v), 2)
              bound += (isSet ? slope * slope : 1) * (u - v) * (u - v)
            }
            left += pow(sum, q)
            right += pow(bound, q)
          }
          #expect(left <= right * (1 + 1e-12), "\(name), q = \(q)")
        }
      }
    }
  }

  /// (d) r distinct entries of a uniformly random m-set of D: all in with probability at most p^r, all
  /// out with at most (1 − p)^r.
  @Test("Step d: a mask without replacement")
  func masks() {
    for size in 1...30 {
      for m in 0...size {
        let p = Double(m) / Double(size)
        var (inside, outside) = (1.0, 1.0)
        for r in 1...size {
          inside *= Double(max(0, m - r + 1)) / Double(size - r + 1)
          outside *= Double(max(0, size - m - r + 1)) / Double(size - r + 1)
          #expect(inside <= pow(p, Double(r)) * (1 + 1e-12))
          #expect(outside <= pow(1 - p, Double(r)) * (1 + 1e-12))
        }
      }
    }
  }

  /// (d) The complete Bell polynomial is the sum over set partitions of Π κ_{|block|}.
  @Test("Step d: Bell polynomials count set partitions")
  func bell() {
    var random = SmallGenerator(seed: 3)
    for n in 1...8 {
      let κ = (0..<n).map { _ in 0.1 + random.uniform() * 5 }
      var sum = 0.0
      // Every restricted growth string of length n is a set partition.
      func extend(_ sizes: [Int], _ placed: Int) {
        if placed == n {
          sum += sizes.reduce(1) { $0 * κ[$1 - 1] }
          return
        }
        for block in 0...sizes.count {
          var next = sizes
          if block == sizes.count { next.append(1) } else { next[block] += 1 }
          extend(next, placed + 1)
        }
      }
      extend([], 0)
      #expect(relativeError(exp(SharpMoments.logBell(κ.map { log($0) })), sum) < 1e-12)
    }
  }

  /// (e) V(u)/u² grows: an upper quantile of U bounds the variance of the pruned entries.
  @Test("Step e: the pruned gaussian's variance")
  func prunedVariance() {
    var last = 0.0
    for u in stride(from: 0.001, to: 1, by: 0.001) {
      let z = NormalLaw.twoSidedQuantile(UnitPoint(u))
      let ratio = NormalLaw.varianceShare(below: z) / (u * u * u)
      #expect(ratio >= last * (1 - 1e-11))
      // Kept entries: E[g²; |g| > z]/(1 − u) ≤ 1/(1 − u).
      #expect(1 - NormalLaw.varianceShare(below: z) <= 1)
      last = ratio
    }
    #expect(last <= 1)
  }

  /// (f) C_q is a supremum: no x on a grid gives more; and it is at most the moment S_q.
  @Test("Step f: Markov at the best x")
  func supremum() {
    for n in [1, 2, 10, 300] {
      for q in [1, 3, 20, 128] {
        let best = ChiSquareMarkov.logSupremum(n, q)
        var largest = -Double.infinity
        for step in 0..<4000 {
          let x = exp(-3 + Double(step) * 0.003)
          let tail = GammaLaw.logTails(Double(n) / 2, x / 2).upper
          #expect(Double(q) * log(x) + tail <= best + 1e-9)
          largest = max(largest, Double(q) * log(x) + tail)
        }
        #expect(largest > best - 0.01)
        #expect(best <= ChiSquareMarkov.logMoment(n, q) + 1e-12)
      }
    }
  }

  /// Random small networks; `seed` fixes all.
  static func setting(_ seed: UInt64) -> SmallNetwork {
    var random = SmallGenerator(seed: seed)
    let depth = 2 + random.integer(3)
    let widths = (0...depth).map { _ in 2 + random.integer(7) }
    let cases = PlannerTests.cases
    let (law, method) = cases[random.integer(cases.count)]
    let activation = activations[random.integer(activations.count)]
    var pruned: Set<Int> = []
    for layer in 1...depth where random.uniform() < 0.6 { pruned.insert(layer) }
    if pruned.isEmpty { pruned = [1 + random.integer(depth)] }
    let network = network(
      widths, law, method, scale: 1.5, alpha: 0.1 + 0.6 * random.uniform(), layers: pruned,
      activation: activation.name == "tanh"
        ? .lipschitz(1) : .piecewiseLinear(slope: activation.slope))
    return SmallNetwork(hypotheses: network, activation: activation.map)
  }

  /// (c), (d): E H_k^q ≤ η_k^q and E E_k^q ≤ e_k^q, means over 3000 trials at most five standard errors
  /// above, for q = 1, 2: one-sided, about 3e-7 each where the mean is near normal; the seeds are fixed.
  @Test("Steps c and d: norms of signals and errors", arguments: 0..<60)
  func norms(seed: Int) throws {
    let network = Self.setting(UInt64(1000 + seed))
    let moments = SharpMoments(network.hypotheses)
    var random = SmallGenerator(seed: UInt64(seed))
    let layers = network.hypotheses.layers.count
    let trials = 3000
    var sums = [[Double]](repeating: [Double](repeating: 0, count: 8), count: layers + 1)
    for _ in 0..<trials {
      let (signals, errors) = network.squares(&random)
      for k in 0...layers {
        for (place, value) in [signals[k], errors[k]].enumerated() {
          for q in 1...2 {
            let power = pow(value, Double(q))
            sums[k][4 * place + 2 * (q - 1)] += power
            sums[k][4 * place + 2 * (q - 1) + 1] += power * power
          }
        }
      }
    }
    for q in 1...2 {
      // δ = 1e-3: the event that a gaussian threshold is large is rarer than what 3000 trials show.
      guard let bound = moments.logNorms(q, logDelta: log(1e-3)) else { continue }
      for k in bound.signal.indices {
        for (place, logs) in [bound.signal, bound.error].enumerated() {
          let mean = sums[k][4 * place + 2 * (q - 1)] / Double(trials)
          let square = sums[k][4 * place + 2 * (q - 1) + 1] / Double(trials)
          let error = (max(0, square - mean * mean) / Double(trials)).squareRoot()
          #expect(mean - 5 * error <= exp(Double(q) * logs[k]) * (1 + 1e-9), "layer \(k), q = \(q)")
        }
      }
    }
  }

  /// Coverage of all four bounds at one input over random settings. 300 settings at three δ: with a
  /// true bound, P(Bin(500, δ) ≥ x) < 1e-7 has probability below 1e-7 each, 1e-4 in all.
  @Test("The theorem: coverage", arguments: 0..<300)
  func coverage(seed: Int) {
    let network = Self.setting(UInt64(seed))
    var random = SmallGenerator(seed: UInt64(5000 + seed))
    let errors = (0..<500).map { _ in network.squares(&random).errors.last!.squareRoot() }
    for δ in [0.5, 0.05, 0.01] {
      let bounds = NetworkBounds(network.hypotheses, logDelta: log(δ))
      for name in NetworkBounds.Name.allCases {
        let violations = errors.count { $0 > bounds[name]! * (1 + 1e-9) }
        #expect(
          BinomialLaw.upperTail(violations, trials: errors.count, probability: δ) > 1e-7,
          "\(name) at δ = \(δ): \(violations)")
      }
    }
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014): independent of the program's own generator.
struct SmallGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }
  mutating func integer(_ count: Int) -> Int { Int(next() % UInt64(count)) }
  mutating func gaussian() -> Double {
    (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform())
  }
}

/// A network evaluated by its definition, at the first unit vector.
struct SmallNetwork {
  let hypotheses: NetworkHypotheses
  let activation: (Double) -> Double

  /// ‖h_k‖² and ‖h_k − g_k‖², k = 0 … l, of one draw.
  func squares(_ random: inout SmallGenerator) -> (signals: [Double], errors: [Double]) {
    let width = hypotheses.layers[0].columns
    var full = (0..<width).map { $0 == 0 ? 1.0 : 0 }
    var kept = full
    var (signals, errors) = ([1.0], [0.0])
    for (index, layer) in hypotheses.layers.enumerated() {
      let weights = (0..<layer.size).map { _ in
        layer.amplitude * draw(layer.law, &random)
      }
      var order = Array(weights.indices)
      if layer.method == .random {
        for i in 0..<layer.pruned { order.swapAt(i, i + random.integer(order.count - i)) }
      } else {
        order.sort { abs(weights[$0]) < abs(weights[$1]) }
      }
      var rest = weights
      for place in order.prefix(layer.pruned) { rest[place] = 0 }
      func apply(_ w: [Double], _ x: [Double]) -> [Double] {
        (0..<layer.rows).map { row in
          let u = x.indices.reduce(0) { $0 + w[row * layer.columns + $1] * x[$1] }
          return index + 1 < hypotheses.layers.count ? activation(u) : u
        }
      }
      (full, kept) = (apply(weights, full), apply(rest, kept))
      signals.append(full.reduce(0) { $0 + $1 * $1 })
      errors.append(zip(full, kept).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) })
    }
    return (signals, errors)
  }

  private func draw(_ law: WeightLaw, _ random: inout SmallGenerator) -> Double {
    switch law {
    case .uniform: 2 * random.uniform() - 1
    case .gaussian: random.gaussian()
    case .rademacher: random.next() & 1 == 0 ? 1 : -1
    }
  }
}
