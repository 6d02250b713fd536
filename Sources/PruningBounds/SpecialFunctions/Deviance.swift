import Foundation

/// The parts of a probability that do not cancel (C. Loader, *Fast and accurate computation of
/// binomial probabilities*, 2000): densities of the binomial, Poisson, beta and gamma laws are
/// products of a Stirling error and a deviance, both small near the mean, where the textbook
/// formula subtracts numbers of size n ln n.
enum Deviance {
  /// (1 + t) ln(1 + t) − t for t ≥ −1, with full relative accuracy near 0, where it is t²/2.
  static func unit(_ t: Double) -> Double {
    if t <= -1 { return 1 }
    guard abs(t) < 0.1 else { return (1 + t) * log1p(t) - t }
    // Σ_{k ≥ 2} (−t)ᵏ/(k(k − 1)); the terms left out are below 10⁻¹⁸ of the first.
    var power = t * t
    var sum = 0.0
    for k in 2...19 {
      sum += power / Double(k * (k - 1))
      power *= -t
    }
    return sum
  }

  /// x ln(x/mean) + mean − x ≥ 0, for x > 0.
  ///
  /// - Parameters:
  ///   - x: where the law is evaluated.
  ///   - mean: above 0, or 0 by underflow.
  ///   - logMean: its logarithm, used where the two are far apart.
  static func of(_ x: Double, mean: Double, logMean: Double) -> Double {
    x > 1e3 * mean ? x * (log(x) - logMean) + mean - x : mean * unit((x - mean) / mean)
  }

  /// ln Γ(x + 1) − ((x + ½) ln x − x + ½ ln 2π), for x > 0.
  static func stirlingError(_ x: Double) -> Double {
    if x < 15 {
      return lgamma(x + 1) - ((x + 0.5) * log(x) - x + 0.5 * log(2 * .pi))
    }
    let q = 1 / (x * x)
    return (1.0 / 12 - q * (1.0 / 360 - q * (1.0 / 1260 - q * (1.0 / 1680 - q / 1188)))) / x
  }
}

/// ln(1 − eˣ) for x ≤ 0, without cancellation at either end.
func logOneMinusExp(_ x: Double) -> Double {
  x > -0.693 ? log(-expm1(x)) : log1p(-exp(x))
}
