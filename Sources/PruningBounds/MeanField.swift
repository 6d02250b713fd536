import Foundation

/// The mean-field prediction of the root-mean-square error (<doc:MeanFieldPrediction>): a prediction for
/// wide layers, not a bound.
///
/// Coordinates of (F_k, f_k) are taken as jointly gaussian. The differences cancel, so they are
/// propagated themselves: `e` = E(u − v)², `g` = E u² − E v².
public struct MeanField: Sendable {
  /// E σ(F)², E σ(f)², E(σ(F) − σ(f))² and E σ(F)² − E σ(f)², per coordinate.
  private struct Moments {
    var uu: Double
    var vv: Double
    var e: Double
    var g: Double
  }

  /// The predicted root-mean-square of ‖F(x) − f(x)‖ over networks, for x on the unit sphere.
  ///
  /// - Parameters:
  ///   - network: shapes, laws and pruned counts.
  ///   - activation: σ.
  /// - Returns: the prediction, or nil where a quadrature does not converge to 1e-8, and of networks
  ///   with convolutions.
  public static func rootMeanSquareError(
    _ network: NetworkHypotheses, activation: ActivationMoments
  ) -> Double? {
    guard network.isFullyConnected else { return nil }
    let first = 1 / Double(network.layers[0].columns)
    var h = Moments(uu: first, vv: first, e: 0, g: 0)
    for (index, layer) in network.layers.enumerated() {
      let gain = Double(layer.columns) * layer.amplitude * layer.amplitude * layer.law.variance
      let pruned = layer.prunedVarianceShare
      let kept = 1 - pruned
      let q = Moments(
        uu: gain * h.uu, vv: gain * kept * h.vv, e: gain * (kept * h.e + pruned * h.uu),
        g: gain * (kept * h.g + pruned * h.uu))
      if index == network.layers.count - 1 {
        return (Double(layer.rows) * q.e).squareRoot()
      }
      switch activation {
      case .piecewiseLinear(let slope): h = piecewiseLinear(q, slope: slope)
      case .hyperbolicTangent:
        guard let next = hyperbolicTangent(q) else { return nil }
        h = next
      }
    }
    return nil
  }

  /// σ(x) = slope·min(x, 0) + max(x, 0) in closed form (Cho and Saul 2009): with
  /// σ(x) = slope·x + (1 − slope) max(x, 0) every moment is slope times the moment of the identity
  /// plus (1 − slope)² times that of ReLU.
  private static func piecewiseLinear(_ q: Moments, slope: Double) -> Moments {
    let square = (1 - slope) * (1 - slope)
    let half = (1 + slope * slope) / 2
    let scale = (q.uu * q.vv).squareRoot()
    var rectified = q.e / 2
    if scale > 0 {
      let difference = q.g / (q.uu.squareRoot() + q.vv.squareRoot())
      let sine = ((q.e - difference * difference) / (4 * scale)).squareRoot()
      rectified -= scale * sineMinusChord(2 * asin(min(1, sine.isNaN ? 0 : sine))) / .pi
    }
    return Moments(
      uu: half * q.uu, vv: half * q.vv, e: slope * q.e + square * rectified, g: half * q.g)
  }

  /// sin θ − θ cos θ, by its series Σ (−1)^{k+1} 2k θ^{2k+1}/(2k+1)! where that would cancel.
  private static func sineMinusChord(_ θ: Double) -> Double {
    guard θ < 0.5 else { return sin(θ) - θ * cos(θ) }
    var term = θ  // θ^{2k+1}/(2k+1)!
    var sum = 0.0
    for k in 1...8 {
      term *= -θ * θ / Double(2 * k * (2 * k + 1))
      sum -= Double(2 * k) * term
    }
    return sum
  }

  /// tanh by Gauss–Hermite quadrature over (U, U − V), the order doubled from 32 until two agree to
  /// 1e-9, at most 512. The difference tanh U − tanh V = tanh(U − V)(1 − tanh U tanh V) does not
  /// cancel.
  private static func hyperbolicTangent(_ q: Moments) -> Moments? {
    let covariance = (q.e + q.g) / 2  // of U and U − V
    let slope = q.uu > 0 ? covariance / q.uu : 0
    let rest = max(0, q.e - slope * covariance).squareRoot()
    let deviation = q.uu.squareRoot()
    func moments(_ rule: GaussHermite) -> Moments {
      var sum = Moments(uu: 0, vv: 0, e: 0, g: 0)
      for (x, p) in zip(rule.nodes, rule.weights) {
        let u = deviation * x
        let tanhU = tanh(u)
        for (y, r) in zip(rule.nodes, rule.weights) {
          let difference = slope * u + rest * y
          let tanhV = tanh(u - difference)
          let change = tanh(difference) * (1 - tanhU * tanhV)
          sum.uu += p * r * tanhU * tanhU
          sum.vv += p * r * tanhV * tanhV
          sum.e += p * r * change * change
          sum.g += p * r * change * (tanhU + tanhV)
        }
      }
      return sum
    }
    var last = moments(.order(32))
    for order in [64, 128, 256, 512] {
      let next = moments(.order(order))
      let changes = [(last.uu, next.uu), (last.vv, next.vv), (last.e, next.e)]
      if changes.allSatisfy({ abs($0 - $1) <= 1e-9 * $1 }) { return next }
      last = next
    }
    return nil
  }
}

/// An activation, as the mean-field prediction sees it.
public enum ActivationMoments: Sendable, Hashable {
  /// slope·min(x, 0) + max(x, 0): ReLU (0), leaky ReLU, identity (1).
  case piecewiseLinear(slope: Double)
  /// tanh.
  case hyperbolicTangent
}
