import Foundation

extension LayerHypotheses {
  /// 1 − κ: the expected share of the layer's variance that its pruned weights hold
  /// (<doc:MeanFieldPrediction>), computed itself and never as 1 minus a rounded κ.
  var prunedVarianceShare: Double {
    let (m, size) = (Double(pruned), Double(size))
    if pruned == 0 { return 0 }
    if method == .random { return m / size }
    if pruned == self.size { return 1 }
    switch law {
    case .uniform: return m / size * ((m + 1) / (size + 1)) * ((m + 2) / (size + 2))
    case .gaussian: return Self.gaussianShare(m, size - m)
    case .rademacher: preconditionFailure("magnitudes tie")
    }
  }

  /// E H(b), b ~ Beta(m, D − m), H the share of a gaussian's variance below the b-quantile of its
  /// magnitude: the trapezoidal rule on the whole line of ln(b/(1 − b)), which converges
  /// geometrically for an analytic integrand; the step is halved until 1e-13 is reached.
  private static func gaussianShare(_ a: Double, _ b: Double) -> Double {
    func integrand(_ u: Double) -> Double {
      let point = UnitPoint(logit: u)
      let z = NormalLaw.twoSidedQuantile(point)
      return exp(BetaLaw.logWeight(a, b, point)) * NormalLaw.varianceShare(below: z)
    }
    // The weight H moves the peak from Beta(a, b) at most to that of Beta(a + 3, b).
    let centre = log((a + 1.5) / b)
    let width = (1 / (a + 1.5) + 1 / b).squareRoot()
    func sum(offset: Double, step: Double) -> Double {
      var total = 0.0
      for direction in [1.0, -1.0] {
        var index = direction > 0 ? 0.0 : 1.0
        var largest = total
        while true {
          let value = integrand(centre + direction * (index + offset * direction) * step)
          total += value
          largest = max(largest, value)
          if value <= 1e-18 * max(largest, total) && index * step > 4 * width { break }
          index += 1
        }
      }
      return total * step
    }
    var step = width / 2
    var estimate = sum(offset: 0, step: step)
    for _ in 0..<8 {
      let refined = (estimate + sum(offset: 0.5, step: step)) / 2
      step /= 2
      let change = abs(refined - estimate)
      estimate = refined
      if change <= 1e-13 * estimate { break }
    }
    return estimate
  }
}
