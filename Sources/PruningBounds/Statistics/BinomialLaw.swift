import Foundation

/// Exact tails of the binomial law.
public enum BinomialLaw {
  /// P(Bin(n, p) ≤ x), for 0 ≤ x ≤ n and p in (0, 1); accurate to about 1e-12 relative.
  public static func lowerTail(_ x: Int, trials n: Int, probability p: Double) -> Double {
    if x < 0 { return 0 }
    if x >= n { return 1 }
    return exp(BetaLaw.logTails(Double(x + 1), Double(n - x), UnitPoint(p)).upper)
  }

  /// P(Bin(n, p) ≥ x), for 0 ≤ x ≤ n + 1 and p in (0, 1); accurate to about 1e-12 relative.
  public static func upperTail(_ x: Int, trials n: Int, probability p: Double) -> Double {
    if x <= 0 { return 1 }
    if x > n { return 0 }
    return exp(BetaLaw.logTails(Double(x), Double(n - x + 1), UnitPoint(p)).lower)
  }
}

/// Clopper and Pearson's exact limits of a binomial probability (Biometrika 1934).
public enum ClopperPearson {
  /// The smallest limit that a rate of x in n stays below with confidence 1 − λ, one-sided:
  /// the probability at which P(Bin(n, π) ≤ x) = λ.
  ///
  /// - Parameters:
  ///   - x: successes, 0 … n.
  ///   - n: trials, at least 1.
  ///   - level: λ in (0, 1).
  public static func upperLimit(_ x: Int, trials n: Int, level: Double) -> Double {
    if x >= n { return 1 }
    return BetaLaw.upperQuantile(Double(x + 1), Double(n - x), logEta: log(level)).value
  }

  /// The largest limit that a rate of x in n stays above with confidence 1 − λ, one-sided.
  public static func lowerLimit(_ x: Int, trials n: Int, level: Double) -> Double {
    if x <= 0 { return 0 }
    return BetaLaw.upperQuantile(Double(n - x + 1), Double(x), logEta: log(level)).complement
  }
}
