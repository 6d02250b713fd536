import Foundation

/// The relative-entropy (Kullback–Leibler) tail of sums (Hoeffding 1963; <doc:Setting>).
///
/// For a sum S of n independent [0, 1] variables of mean at most μ, or of a sample without
/// replacement, P(S ≥ nq) ≤ exp(−n kl(q‖μ)) for q ≥ μ.
public enum TailOfSums {
  /// kl(μ + h‖μ) = q ln(q/μ) + (1 − q) ln((1 − q)/(1 − μ)) with q = μ + h, as a sum of two
  /// non-negative deviances, so that nothing cancels for small h.
  static func divergence(_ μ: Double, excess h: Double) -> Double {
    μ * Deviance.unit(h / μ) + (1 - μ) * Deviance.unit(-h / (1 - μ))
  }

  /// q⁺(μ, n, η): the smallest q in [μ, 1] with n kl(q‖μ) ≥ ln(1/η), 1 if there is none.
  ///
  /// With probability at least 1 − η the sum is below n q⁺. Accurate to about 1e-14 relative.
  ///
  /// - Parameters:
  ///   - μ: the mean, in (0, 1].
  ///   - n: the number of summands, at least 1.
  ///   - logEta: ln η, η in (0, 1]; may be far below the range of `Double`.
  public static func upperMean(_ μ: Double, _ n: Double, logEta: Double) -> Double {
    precondition(μ > 0 && μ <= 1 && n >= 1 && logEta <= 0, "q⁺(\(μ), \(n), \(logEta)) is undefined")
    let required = -logEta / n
    if μ == 1 || -log(μ) <= required { return 1 }
    if required == 0 { return μ }
    let guess = (2 * μ * (1 - μ) * required).squareRoot() + required / 3
    let h = RootFinder.monotone(lower: 0, upper: 1 - μ, start: min(guess, (1 - μ) / 2)) { h in
      (divergence(μ, excess: h) - required, log1p(h / μ) - log1p(-h / (1 - μ)))
    }
    return min(1, μ + h)
  }
}
