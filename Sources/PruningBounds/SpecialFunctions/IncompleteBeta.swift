import Foundation

/// A point x of (0, 1) that keeps its accuracy at both ends, even where x or 1 − x underflows.
public struct UnitPoint: Sendable {
  /// x.
  public let value: Double
  /// 1 − x.
  public let complement: Double
  /// ln x.
  let logValue: Double
  /// ln(1 − x).
  let logComplement: Double

  /// x = p.
  init(_ p: Double) {
    (value, complement) = (p, 1 - p)
    (logValue, logComplement) = (log(p), log1p(-p))
  }

  /// x = 1/(1 + e⁻ᵘ).
  init(logit u: Double) {
    let e = exp(-abs(u))
    let (near, far) = (1 / (1 + e), e / (1 + e))
    let (logNear, logFar) = (-log1p(e), -abs(u) - log1p(e))
    (value, complement) = u > 0 ? (near, far) : (far, near)
    (logValue, logComplement) = u > 0 ? (logNear, logFar) : (logFar, logNear)
  }
}

/// The beta law, for parameters from ½ to 10¹⁰, with tails down to 10⁻³⁰⁰ and beyond, in logarithms.
public enum BetaLaw {
  /// ln P(B ≤ x) and ln P(B > x) for B ~ Beta(a, b).
  ///
  /// The continued fraction of Lentz's method on the side of the mean where it converges fast,
  /// after O(√max(a, b)) terms; the other tail is the complement. The smaller tail is accurate to
  /// about 1e-12 relative.
  ///
  /// - Parameters:
  ///   - a: first parameter, above 0.
  ///   - b: second parameter, above 0.
  ///   - point: x.
  static func logTails(
    _ a: Double, _ b: Double, _ point: UnitPoint
  ) -> (lower: Double, upper: Double) {
    let weight = logWeight(a, b, point)
    if point.value < (a + 1) / (a + b + 2) {
      let lower = min(0, weight - log(a) + log(fraction(a, b, point.value)))
      return (lower, logOneMinusExp(lower))
    }
    let upper = min(0, weight - log(b) + log(fraction(b, a, point.complement)))
    return (logOneMinusExp(upper), upper)
  }

  /// ln(xᵃ (1 − x)ᵇ/B(a, b)), by Stirling errors and deviances.
  static func logWeight(_ a: Double, _ b: Double, _ point: UnitPoint) -> Double {
    let n = a + b
    return 0.5 * log(a / n * b / (2 * .pi)) + Deviance.stirlingError(n)
      - Deviance.stirlingError(a) - Deviance.stirlingError(b)
      - Deviance.of(a, mean: n * point.value, logMean: log(n) + point.logValue)
      - Deviance.of(b, mean: n * point.complement, logMean: log(n) + point.logComplement)
  }

  /// The continued fraction DLMF 8.17.22 of a·B(a, b)·I_x(a, b)/(xᵃ (1 − x)ᵇ).
  private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    var c = 1.0
    var d = 1 - (a + b) * x / (a + 1)
    d = 1 / (abs(d) < tiny ? tiny : d)
    var h = d
    for m in 1...10_000_000 {
      let m = Double(m)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 + even * d
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = 1 + even / c
      if abs(c) < tiny { c = tiny }
      h *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 + odd * d
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = 1 + odd / c
      if abs(c) < tiny { c = tiny }
      h *= d * c
      if abs(d * c - 1) < 1e-16 { break }
    }
    return h
  }

  /// The x with P(B > x) = η.
  ///
  /// Newton's method on ln P in the variable ln(x/(1 − x)), in which both x and 1 − x keep their
  /// relative accuracy (about 1e-12).
  ///
  /// - Parameters:
  ///   - a: first parameter, above 0.
  ///   - b: second parameter, above 0.
  ///   - logEta: ln η, η in (0, 1).
  /// - Returns: x.
  public static func upperQuantile(_ a: Double, _ b: Double, logEta: Double) -> UnitPoint {
    precondition(
      a > 0 && b > 0 && logEta < 0, "no quantile of Beta(\(a), \(b)) at ln η = \(logEta)")
    // P(B > x) ≤ (1 − x)ᵇ/(b B(a, b)): far enough out for every η.
    let reach = 50 + 2 * log(a + b) - logEta / min(1, b)
    let start = log(a / b)
    let u = RootFinder.monotone(lower: start - 1500 / a - 50, upper: start + reach, start: start) {
      let point = UnitPoint(logit: $0)
      let upper = logTails(a, b, point).upper
      return (upper - logEta, -exp(logWeight(a, b, point) - upper))
    }
    return UnitPoint(logit: u)
  }
}
