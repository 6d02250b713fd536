import Foundation

/// The standard normal law.
public enum NormalLaw {
  /// φ(z).
  static func density(_ z: Double) -> Double { exp(-z * z / 2) / (2 * .pi).squareRoot() }

  /// ln P(g > z) for z ≥ 0, beyond the range of `erfc` by its asymptotic series.
  static func logUpperTail(_ z: Double) -> Double {
    if z < 30 { return log(erfc(z / 2.0.squareRoot()) / 2) }
    let q = 1 / (z * z)
    let series = 1 - q * (1 - q * (3 - q * (15 - q * (105 - q * 945))))
    return -z * z / 2 - log(z * (2 * .pi).squareRoot()) + log(series)
  }

  /// The z ≥ 0 with P(|g| ≤ z) = b, Φ⁻¹((1 + b)/2), to about 1e-15 relative at both ends.
  ///
  static func twoSidedQuantile(_ point: UnitPoint) -> Double {
    let b = point.value
    if b <= 0 { return 0 }
    if b < 0.5 {
      let start = b * (Double.pi / 2).squareRoot()
      return RootFinder.monotone(lower: 0, upper: 1, start: start) { z in
        (erf(z / 2.0.squareRoot()) - b, 2 * density(z))
      }
    }
    let logTail = point.logComplement - log(2)
    let start = (-2 * logTail).squareRoot()
    return RootFinder.monotone(lower: 0, upper: start, start: start) { z in
      let tail = logUpperTail(z)
      let logDensity = -z * z / 2 - 0.5 * log(2 * .pi)
      return (tail - logTail, -exp(logDensity - tail))
    }
  }

  /// The share of the variance of a standard normal variable that lies in |g| ≤ z:
  /// E[g²; |g| ≤ z] = P(χ²₃ ≤ z²), which is b − 2zφ(z) without its cancellation.
  static func varianceShare(below z: Double) -> Double {
    exp(GammaLaw.logTails(1.5, z * z / 2).lower)
  }
}
