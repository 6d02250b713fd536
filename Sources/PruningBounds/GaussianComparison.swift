/// Norms of matrices with independent symmetric entries dominated by gaussians, masked or not
/// (theory section 3).
///
/// Domination of the moment generating function, E‖G‖ ≤ s(√R + √C) (Davidson and Szarek 2001) and
/// gaussian concentration give, with Chernoff, each with probability at least 1 − η,
///
///     ‖X‖   ≤ s(√R + √C + √(2 ln(1/η)))        (2)
///     ‖X h‖ ≤ s‖h‖(√R + √(2 ln(1/η)))          (3), h independent of X.
enum GaussianComparison {
  /// (2): the spectral norm.
  static func norm(deviation s: Double, rows: Int, columns: Int, logEta: Double) -> Double {
    s * (Double(rows).squareRoot() + Double(columns).squareRoot() + (-2 * logEta).squareRoot())
  }

  /// (3): the stretch of a fixed vector.
  static func stretch(deviation s: Double, rows: Int, logEta: Double) -> Double {
    s * (Double(rows).squareRoot() + (-2 * logEta).squareRoot())
  }
}

extension LayerHypotheses {
  /// A_k and a_k: the bound (2) of ‖W_k‖, and with the same right-hand side of ‖w_k‖.
  func normBound(logEta: Double) -> Double {
    GaussianComparison.norm(deviation: deviation, rows: rows, columns: columns, logEta: logEta)
  }

  /// The bound (3) of ‖W_k h‖/‖h‖, and with the same right-hand side of ‖w_k h‖/‖h‖.
  func stretchBound(logEta: Double) -> Double {
    GaussianComparison.stretch(deviation: deviation, rows: rows, logEta: logEta)
  }
}
