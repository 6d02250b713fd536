import Foundation

/// Norms of matrices with independent symmetric entries dominated by gaussians, masked or not
/// (<doc:Setting>).
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
  /// Bounds of ‖W_k‖, and with the same right-hand sides of ‖w_k‖: (2), or for a convolution the two of
  /// <doc:Convolutions>.
  func fullNormBounds(logEta: Double) -> [NamedBound] {
    guard let kernel else {
      let bound = GaussianComparison.norm(
        deviation: deviation, rows: rows, columns: columns, logEta: logEta)
      return [NamedBound(name: .gaussianComparison, value: bound)]
    }
    let (out, into, q) = (
      Double(rows).squareRoot(), Double(columns).squareRoot(), Double(side)
    )
    let reshape = min(out + q * into, q * out + into) + (-2 * logEta).squareRoot()
    let frequency =
      2.0.squareRoot() * (out + into)
      + (2 * (log(Double(kernel.frequencies)) - logEta)).squareRoot()
    return [
      NamedBound(name: .reshape, value: q * deviation * reshape),
      NamedBound(name: .frequency, value: q * deviation * frequency),
    ]
  }

  /// A_k and a_k: the smallest of these.
  func normBound(logEta: Double) -> Double {
    fullNormBounds(logEta: logEta).map(\.value).min() ?? .infinity
  }

  /// The bound (3) of ‖W_k h‖/‖h‖, and with the same right-hand side of ‖w_k h‖/‖h‖; q times that for a
  /// convolution, since the Gram matrix of the patches of h has norm and trace at most q²‖h‖².
  func stretchBound(logEta: Double) -> Double {
    Double(side) * GaussianComparison.stretch(deviation: deviation, rows: rows, logEta: logEta)
  }
}
