import Foundation

/// Moments of what a row of gaussian pre-activations makes of an activation (<doc:SharpBounds>,
/// notation).
///
/// With n rows, a keep rate c and a slope a below zero: the moments of Σ_{i≤n} κ_i b_i^r g_i^{2r},
/// κ_i ~ Bernoulli(c), b_i ∈ {1, a²} equally likely, g_i ~ N(0, 1), all independent.
///
/// | here | theory |
/// |---|---|
/// | `logMoment(r, j)` | ln M_{n,r,c}(j) |
/// | `logNorm(r, t)` | ln N(n, r, t, c) |
struct RowMoments {
  private let tables: [[Double]]

  /// Tables for all r·t up to `order`.
  ///
  /// - Parameters:
  ///   - rows: n, at least 1.
  ///   - slope: a in [0, 1]; 1 where no activation follows.
  ///   - keepRate: c in (0, 1].
  ///   - order: the largest r·t asked for.
  ///   - powers: the r asked for; 1 … order where fractional norms of Hölder blocks are needed.
  init(rows: Int, slope: Double, keepRate: Double = 1, order: Int, powers: ClosedRange<Int>) {
    tables = powers.map { r in
      // N interpolates between two integer moments, hence one more.
      let length = order / r + 1
      let series = PositiveSeries(
        logCoefficients: (1...length).map { i in
          log(keepRate) + Self.logActivationMoment(slope, r * i) + Self.logOddFactorial(r * i)
            - Self.logFactorial(i)
        }
      ).power(rows)
      return (0...length).map { Self.logFactorial($0) + series.logCoefficient($0) }
    }
  }

  /// ln M(j).
  func logMoment(_ r: Int, _ j: Int) -> Double { tables[r - 1][j] }

  /// ln N(n, r, t, c): the logarithm of the L^t norm for integer t, an upper bound by the log-convexity
  /// of moments between.
  ///
  /// - Parameter t: at least 1, r·t at most `order`.
  func logNorm(_ r: Int, _ t: Double) -> Double {
    let whole = t.rounded(.down)
    let part = t - whole
    let low = logMoment(r, Int(whole))
    if part == 0 { return low / t }
    return ((1 - part) * low + part * logMoment(r, Int(whole) + 1)) / t
  }

  /// ln β_j = ln((1 + a^{2j})/2).
  private static func logActivationMoment(_ slope: Double, _ j: Int) -> Double {
    log1p(pow(slope, Double(2 * j))) - log(2)
  }

  /// ln o_j = ln (2j − 1)!!, E g^{2j} of a standard gaussian.
  private static func logOddFactorial(_ j: Int) -> Double {
    lgamma(Double(j) + 0.5) - 0.5 * log(Double.pi) + Double(j) * log(2)
  }

  static func logFactorial(_ j: Int) -> Double { lgamma(Double(j) + 1) }
}

/// Tail functionals of χ²_n that Markov's inequality ends with (<doc:SharpBounds>).
enum ChiSquareMarkov {
  /// ln C_q(n) = ln sup_x x^q P(χ²_n ≥ x), at the unique root of x f(x)/P(χ²_n ≥ x) = q.
  static func logSupremum(_ n: Int, _ q: Int) -> Double {
    let (a, q) = (Double(n) / 2, Double(q))
    // In v = ln(x/2); the left side's logarithm has the slope n/2 − x/2 + itself, above 0.
    let v = RootFinder.monotone(lower: log(a + q) - 100, upper: log(a + q) + 10, start: log(a + q))
    {
      let x = exp($0)
      let hazard = exp(GammaLaw.logWeight(a, x) - GammaLaw.logTails(a, x).upper)
      return (log(hazard / q), a - x + hazard)
    }
    return q * (v + log(2)) + GammaLaw.logTails(a, exp(v)).upper
  }

  /// ln S_q(n) = ln E (χ²_n)^q.
  static func logMoment(_ n: Int, _ q: Int) -> Double {
    (0..<q).reduce(0) { $0 + log(Double(n + 2 * $1)) }
  }
}
