import Foundation

/// The head of a power series 1 + c₁ z + c₂ z² + … with non-negative coefficients.
///
/// Held as c_j 2^(−jk), k such that none exceeds 1 by much: the coefficients of powers grow beyond the
/// range of `Double`, yet after such a change of variable, exact in binary, those that matter stay
/// inside it. All terms are non-negative: no sum cancels, and n-th powers are accurate to about
/// n·2⁻⁵³ times a few, relative.
struct PositiveSeries {
  /// c_j 2^(−jk), j = 0 … order.
  private var scaled: [Double]
  /// k.
  private var exponent = 0

  /// - Parameter logCoefficients: ln c₁, ln c₂, …
  init(logCoefficients: [Double]) {
    // ln c_j − j k ln 2 ≤ 0 for all j.
    exponent =
      logCoefficients.enumerated().map { Int(($1 / Double($0 + 1) / log(2)).rounded(.up)) }.max()
      ?? 0
    let step = Double(exponent) * log(2)
    scaled = [1] + logCoefficients.enumerated().map { exp($1 - Double($0 + 1) * step) }
  }

  /// ln c_j.
  func logCoefficient(_ j: Int) -> Double {
    log(scaled[j]) + Double(j * exponent) * log(2)
  }

  /// The n-th power, by repeated squaring from the highest bit of n down.
  ///
  /// - Parameter n: at least 1.
  func power(_ n: Int) -> PositiveSeries {
    precondition(n >= 1, "no power \(n)")
    var result = self
    for bit in stride(from: n.bitWidth - n.leadingZeroBitCount - 2, through: 0, by: -1) {
      result = result.times(result)
      if n >> bit & 1 == 1 { result = result.times(self) }
    }
    return result
  }

  private func times(_ other: PositiveSeries) -> PositiveSeries {
    let common = max(exponent, other.exponent)
    let (a, b) = (rescaled(to: common).scaled, other.rescaled(to: common).scaled)
    var product = self
    product.exponent = common
    for j in scaled.indices {
      var sum = 0.0
      for i in 0...j { sum += a[i] * b[j - i] }
      product.scaled[j] = sum
    }
    return product.normalised()
  }

  private func rescaled(to exponent: Int) -> PositiveSeries {
    guard exponent != self.exponent else { return self }
    var result = self
    result.exponent = exponent
    for j in scaled.indices.dropFirst() {
      result.scaled[j] = scalbn(scaled[j], j * (self.exponent - exponent))
    }
    return result
  }

  /// The same series with the smallest k for which no coefficient exceeds 1.
  private func normalised() -> PositiveSeries {
    let growth = scaled.enumerated().dropFirst().map { j, value in
      value > 0 ? Int((log2(value) / Double(j)).rounded(.up)) : Int.min
    }
    guard let largest = growth.max(), largest > Int.min else { return self }
    return rescaled(to: exponent + largest)
  }
}
