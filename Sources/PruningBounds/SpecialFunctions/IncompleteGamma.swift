import Foundation

/// The gamma law of unit scale and the χ² law, with tails in logarithms.
public enum GammaLaw {
  /// ln P(G ≤ x) and ln P(G > x) for G ~ Gamma(a): the series below the mean, Lentz's continued
  /// fraction above it, each for the tail it computes directly (about 1e-12 relative).
  ///
  /// - Parameters:
  ///   - a: the shape, above 0.
  ///   - x: above 0.
  static func logTails(_ a: Double, _ x: Double) -> (lower: Double, upper: Double) {
    if x <= 0 { return (-.infinity, 0) }
    let weight = logWeight(a, x)
    if x < a + 1 {
      var term = 1 / a
      var sum = term
      var n = a
      repeat {
        n += 1
        term *= x / n
        sum += term
      } while term > sum * 1e-17
      let lower = min(0, weight + log(sum))
      return (lower, logOneMinusExp(lower))
    }
    var b = x + 1 - a
    var c = 1e300
    var d = 1 / b
    var h = d
    for i in 1...10_000_000 {
      let i = Double(i)
      b += 2
      let an = -i * (i - a)
      d = 1 / (an * d + b)
      c = b + an / c
      h *= d * c
      if abs(d * c - 1) < 1e-16 { break }
    }
    let upper = min(0, weight + log(h))
    return (logOneMinusExp(upper), upper)
  }

  /// ln(xᵃ e⁻ˣ/Γ(a)), by Stirling error and deviance.
  static func logWeight(_ a: Double, _ x: Double) -> Double {
    0.5 * log(a / (2 * .pi)) - Deviance.stirlingError(a) - Deviance.of(a, mean: x, logMean: log(x))
  }

  /// The x with P(χ² > x) = η, to about 1e-12 relative.
  ///
  /// - Parameters:
  ///   - degreesOfFreedom: above 0.
  ///   - logEta: ln η, η in (0, 1).
  public static func chiSquareUpperQuantile(degreesOfFreedom: Double, logEta: Double) -> Double {
    precondition(degreesOfFreedom > 0 && logEta < 0, "no χ² quantile at ln η = \(logEta)")
    let a = degreesOfFreedom / 2
    // e⁻ˣ/² bounds the tail from below and above up to factors that the margins cover.
    let highest = log(a - 2 * logEta + 2 * (-a * logEta).squareRoot() + 10) + 1
    let v = RootFinder.monotone(lower: log(a) - 1500, upper: highest, start: log(a)) { v in
      let x = exp(v)
      let upper = logTails(a, x).upper
      return (upper - logEta, -exp(logWeight(a, x) - upper))
    }
    return 2 * exp(v)
  }
}
