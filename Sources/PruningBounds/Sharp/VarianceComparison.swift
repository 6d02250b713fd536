import Foundation

/// Norms of random matrices compared with gaussian ones of the same variance (<doc:SharpBounds>,
/// better norms); ours.
///
/// The entries X_ij are independent, symmetric, and good: E X^{2j} ≤ (2j − 1)!! (E X²)^j for all j, with
/// E X² ≤ σ². Moments of norms are polynomials with non-negative coefficients in even moments of the
/// entries, hence at most those of a gaussian matrix. Each holds with probability at least 1 − η:
///
///     ‖X‖   ≤ σ(√m + √n + √(2 ln(r/η) + (√m + √n)⁻²)), r = min(m, n), r/η ≥ √e   (2′)
///     ‖X h‖ ≤ σ‖h‖ √(m + 2√(m ln(1/η)) + 2 ln(1/η)), h independent of X            (3′)
enum VarianceComparison {
  /// (2′); nil where r/η < √e.
  static func norm(deviation σ: Double, rows: Int, columns: Int, logEta: Double) -> Double? {
    let required = log(Double(min(rows, columns))) - logEta
    guard required >= 0.5 else { return nil }
    let width = Double(rows).squareRoot() + Double(columns).squareRoot()
    return σ * (width + (2 * required + 1 / (width * width)).squareRoot())
  }

  /// (3′); `rows` may be any upper bound of Σ_i E(X h)_i²/(σ²‖h‖²), not only a count.
  static func stretch(deviation σ: Double, rows: Double, logEta: Double) -> Double {
    σ * (rows + 2 * (rows * -logEta).squareRoot() - 2 * logEta).squareRoot()
  }
}

extension LayerHypotheses {
  /// The standard deviation of an entry of W_k.
  var entryDeviation: Double { amplitude * law.variance.squareRoot() }

  /// (2′) for ‖W_k‖ and for ‖w_k‖, whose moments are no larger under both rules; nil where it does
  /// not apply.
  func varianceNormBound(logEta: Double) -> Double? {
    VarianceComparison.norm(
      deviation: entryDeviation, rows: rows, columns: columns, logEta: logEta)
  }

  /// The smaller of (2) and (2′); of a convolution, that of (2), since its operator repeats entries.
  func refinedNormBound(logEta: Double) -> Double {
    let bound = normBound(logEta: logEta)
    guard kernel == nil else { return bound }
    return min(bound, varianceNormBound(logEta: logEta) ?? bound)
  }

  /// The smaller of (3) and (3′); of a convolution, that of (3).
  func refinedStretchBound(logEta: Double) -> Double {
    guard kernel == nil else { return stretchBound(logEta: logEta) }
    return min(
      stretchBound(logEta: logEta),
      VarianceComparison.stretch(
        deviation: entryDeviation, rows: Double(rows), logEta: logEta))
  }
}
