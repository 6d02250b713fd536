import Foundation
import NumericKernels
import Testing

@testable import RandomStreams

/// Every test draws from fixed seeds, so that it always gives the same answer; the false-alarm
/// rates say how lucky a correct sampler had to be with these seeds.
@Suite struct LawTests {
  static let laws: [Law] = [
    .uniform, .gaussian, .rademacher, .laplace, .studentT(degreesOfFreedom: 5),
  ]

  static func draw(
    _ count: Int, _ law: Law, seed: UInt64 = 1, trial: UInt32 = 0, layer: Int = 1,
    purpose: Purpose = .weights, amplitude: Float = 1
  ) -> [Float] {
    var entries = [Float](repeating: .nan, count: count)
    let stream = RandomStream(seed: seed, trial: trial, layer: layer, purpose: purpose)
    law.fill(first: count, of: &entries, from: stream, amplitude: amplitude)
    return entries
  }

  /// The definitions, one entry at a time, with the C library's functions.
  static func definition(_ law: Law, _ stream: RandomStream, _ index: Int) -> Double {
    func u(_ word: Int) -> Double { (Double(stream.word(at: word)) + 1) * 0x1p-32 }
    func angle(_ word: Int) -> Double { 2 * .pi * Double(stream.word(at: word)) * 0x1p-32 }
    switch law {
    case .uniform: return Double(Float(Int32(bitPattern: stream.word(at: index))) * 0x1p-31)
    case .gaussian:
      let first = index & ~1
      let radius = (-2 * log(u(first))).squareRoot()
      return radius * (index & 1 == 0 ? cos(angle(first + 1)) : sin(angle(first + 1)))
    case .rademacher: return stream.word(at: index) < 0x8000_0000 ? 1 : -1
    case .laplace:
      let word = stream.word(at: index)
      let magnitude = -log((Double(word & 0x7fff_ffff) + 0.5) * 0x1p-31) / 2.0.squareRoot()
      return word < 0x8000_0000 ? magnitude : -magnitude
    case .studentT(let ν):
      let radius = (ν * (pow(u(2 * index), -2 / ν) - 1)).squareRoot()
      return radius * cos(angle(2 * index + 1)) * (ν > 2 ? ((ν - 2) / ν).squareRoot() : 1)
    }
  }

  /// Half a unit in the last place of `Float` is 2⁻²⁴ = 6.0e-8 relative; 1e-7 leaves room for a
  /// rounding that falls to the other side. Gaussians have a test of their own accuracy. The angle's
  /// rounding in the reference itself is absolute, 2e-15.
  @Test("Entries are the documented function of their words", arguments: laws)
  func equalsDefinition(law: Law) {
    let stream = RandomStream(seed: 1, trial: 0, layer: 1, purpose: .weights)
    for count in [1, 5, 15, 31, 33, 97, 1000, 3000] {
      let entries = Self.draw(count, law)
      for index in 0..<count {
        let expected = Self.definition(law, stream, index)
        let tolerance = law == .gaussian ? Self.gaussianAccuracy : 1e-7
        #expect(abs(Double(entries[index]) - expected) <= tolerance * abs(expected) + 1e-13)
      }
    }
  }

  @Test("The amplitude multiplies the rounded draw", arguments: laws)
  func amplitude(law: Law) {
    let plain = Self.draw(100, law)
    #expect(Self.draw(100, law, amplitude: 0.3) == plain.map { $0 * 0.3 })
  }

  @Test("Entries do not depend on the length of the array", arguments: laws)
  func prefixes(law: Law) {
    let long = Self.draw(200, law)
    for count in [1, 16, 31, 32, 33, 150] {
      #expect(Self.draw(count, law) == Array(long.prefix(count)))
    }
  }

  /// Mean and second moment within 5 standard errors: false alarm 6e-7 each.
  @Test("Moments", arguments: laws)
  func moments(law: Law) {
    let count = 1 << 20
    let entries = Self.draw(count, law).map(Double.init)
    let mean = entries.reduce(0, +) / Double(count)
    let square = entries.reduce(0) { $0 + $1 * $1 } / Double(count)
    // E Z⁴ of each law.
    let fourth =
      switch law {
      case .uniform: 0.2
      case .gaussian: 3.0
      case .rademacher: 1.0
      case .laplace: 6.0
      case .studentT: 9.0  // 3(ν−2)/(ν−4) at ν = 5
      }
    let variance = law.variance!
    #expect(abs(mean) <= 5 * (variance / Double(count)).squareRoot())
    let spread = ((fourth - variance * variance) / Double(count)).squareRoot()
    #expect(abs(square - variance) <= 5 * spread + 1e-12)
  }

  /// Kolmogorov–Smirnov at √n·D ≤ 2.7: false alarm 2 exp(−2·2.7²) = 9e-7 a law.
  @Test("Distribution", arguments: laws.filter { $0 != .rademacher })
  func kolmogorovSmirnov(law: Law) {
    let count = 200_000
    let sorted = Self.draw(count, law, seed: 2).map(Double.init).sorted()
    func distribution(_ z: Double) -> Double {
      switch law {
      case .uniform: return (z + 1) / 2
      case .gaussian: return erfc(-z / 2.0.squareRoot()) / 2
      case .rademacher: return .nan
      case .laplace:
        let tail = exp(-abs(z) * 2.0.squareRoot()) / 2
        return z < 0 ? tail : 1 - tail
      case .studentT:
        let x = z / 3.0.squareRoot()  // t/√5 with t = z·√(5/3)
        return 0.5 + (x / (1 + x * x) * (1 + 2 / (3 * (1 + x * x))) + atan(x)) / .pi
      }
    }
    var distance = 0.0
    for (index, z) in sorted.enumerated() {
      let f = distribution(z)
      distance = max(distance, f - Double(index) / Double(count))
      distance = max(distance, Double(index + 1) / Double(count) - f)
    }
    #expect(Double(count).squareRoot() * distance <= 2.7)
  }

  /// Sample correlations of independent streams are N(0, 1/n): |r|·√n ≤ 5, false alarm 6e-7 each.
  @Test("Adjacent streams are independent")
  func adjacentStreams() {
    let count = 1 << 16
    let base = Self.draw(count, .uniform, seed: 9)
    let others = [
      Self.draw(count, .uniform, seed: 10), Self.draw(count, .uniform, seed: 9 + 1 << 32),
      Self.draw(count, .uniform, seed: 9, trial: 1), Self.draw(count, .uniform, seed: 9, layer: 2),
      Self.draw(count, .uniform, seed: 9, purpose: .mask), Array(base.dropFirst()) + [0],
      Array(base.dropFirst(4)) + [0, 0, 0, 0],
    ]
    for other in others {
      let product = zip(base, other).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      #expect(abs(product) * 3 / Double(count).squareRoot() <= 5)
      let squares = zip(base, other).reduce(0.0) {
        $0 + (Double($1.0 * $1.0) - 1 / 3) * (Double($1.1 * $1.1) - 1 / 3)
      }
      #expect(abs(squares) * 11.25 / Double(count).squareRoot() <= 5)  // Var U² = 4/45
    }
  }

  @Test("A panel has the entries of its rows", arguments: [4, 12, 16, 52, 100])
  func panels(columns: Int) {
    let stream = RandomStream(seed: 1 << 33, trial: 5, layer: 2, purpose: .weights, cell: 9)
    var panel = WeightPanel()
    for law in [Law.uniform, .gaussian, .rademacher] {
      #expect(law.canFillPanels)
      var entries = [Float](repeating: .nan, count: 192 * columns)
      law.fill(first: entries.count, of: &entries, from: stream, amplitude: 0.3)
      for first in [0, 64, 128] {
        law.fill(&panel, from: first, columns: columns, from: stream, amplitude: 0.3)
        for row in 0..<64 {
          for column in 0..<columns {
            #expect(
              panel[column, part: row / 16][row % 16] == entries[(first + row) * columns + column])
          }
        }
      }
    }
    #expect(!Law.laplace.canFillPanels && !Law.studentT(degreesOfFreedom: 3).canFillPanels)
  }

  @Test func heavyTailsOverflowInsteadOfWrapping() {
    let entries = Self.draw(100_000, .studentT(degreesOfFreedom: 0.05))
    #expect(entries.contains { $0.isInfinite })
    #expect(!entries.contains { $0.isNaN })
  }

  /// In units of 2⁻²⁴, half the spacing of `Float` relatively: ln u₁ = −0.29 at the worst place, where the
  /// rounding of u₁ makes 3.5, and two additions 2; the root halves that and adds 1; cosine or sine 3, two of
  /// them in the angle, and their product with the root 1: less than 8.
  static let gaussianAccuracy = 8 * 0x1p-24

  /// Both entries of pairs of words (v, w).
  static func gaussians(_ pairs: [(UInt32, UInt32)]) -> [(Float, Float)] {
    var octets = pairs.map { v, w in
      let words = UInt64(v) | UInt64(w) << 32
      return Philox.Octet(low: SIMD8(repeating: words), high: SIMD8(repeating: words))
    }
    do {
      var span = octets.mutableSpan
      Gaussian.pair(pairs.count, &span)
      Gaussian.evaluate(pairs.count, &span)
    }
    return octets.map { octet in
      let draws = Gaussian.draws(octet)
      #expect(draws.high == draws.low && draws.low[2] == draws.low[0])
      return (draws.low[0], draws.low[1])
    }
  }

  /// The words where something changes in the evaluation, their neighbours, and many others.
  @Test func gaussiansAreAccurateAtTheEdges() {
    var state: UInt32 = 1
    func word() -> UInt32 {
      state = state &* 1_664_525 &+ 1_013_904_223
      return state ^ state >> 16
    }
    let near = { (x: UInt32) in (0..<40).flatMap { [x &+ $0, x &- $0] } }
    // u₁ at 0, ½, √½, ¾, 1 and powers of two; u₂ at the ends of its quadrants and their eighths.
    let radii =
      near(0) + near(0x8000_0000) + near(0xb504_f333) + near(0xc000_0000)
      + (0..<32).map { 1 << $0 - 1 } + (0..<32).map { ~(1 << $0) }
    let angles = (0..<16).flatMap { near($0 << 28) }
    let pairs =
      radii.map { ($0, word()) } + angles.map { (word(), $0) }
      + zip(radii, angles).map { ($0, $1) } + (0..<200_000).map { _ in (word(), word()) }
    var worst = 0.0
    for ((v, w), (x, y)) in zip(pairs, Self.gaussians(pairs)) {
      let u = (Double(v) + 1) * 0x1p-32
      // The reference keeps its own accuracy near u₁ = 1 and near the zeros of sine and cosine.
      let radius = (-2 * (u > 0.5 ? log1p(-Double(~v) * 0x1p-32) : log(u))).squareRoot()
      let quadrant = Int((UInt64(w) + 0x2000_0000) >> 30)
      let angle = 2 * .pi * (Double(w) - Double(quadrant) * 0x1p30) * 0x1p-32
      let (c, s) = (cos(angle), sin(angle))
      let (cosine, sine) = [(c, s), (-s, c), (-c, -s), (s, -c)][quadrant % 4]
      for (value, expected) in [(Double(x), radius * cosine), (Double(y), radius * sine)] {
        guard expected != 0 else {
          #expect(value == 0)
          continue
        }
        worst = max(worst, abs(value / expected - 1))
      }
    }
    print("gaussians: worst relative error \(worst / 0x1p-24) · 2⁻²⁴")
    #expect(worst <= Self.gaussianAccuracy)
  }

  @Test func extremeWords() {
    // u₁ = 1 gives ln 1 = 0 exactly, and u₁ = 2⁻³² the largest gaussian, √(64 ln 2) = 6.66.
    #expect(Self.gaussians([(0xffff_ffff, 0)])[0] == (0, 0))
    let largest = Self.gaussians([(0, 0x4000_0000)])[0]
    #expect(largest.0 == 0)
    #expect(abs(largest.1 - 6.6604) < 1e-4)
    let all = Philox.Octet(
      low: SIMD8(repeating: 0xffff_ffff), high: SIMD8(repeating: 0x4000_0000 << 32))
    #expect(Laplace.draws(all).low[1].isFinite)
  }
}
