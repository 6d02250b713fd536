import Foundation

/// Gauss–Hermite quadrature for the standard normal law: E f(g) ≈ Σ weights·f(nodes), exact for
/// polynomials of degree below twice the order.
struct GaussHermite: Sendable {
  let nodes: [Double]
  let weights: [Double]

  /// The rule of one of the orders used, 32 … 512.
  static func order(_ order: Int) -> GaussHermite {
    rules[order] ?? GaussHermite(order: order)
  }

  private static let rules: [Int: GaussHermite] = Dictionary(
    uniqueKeysWithValues: [32, 64, 128, 256, 512].map { ($0, GaussHermite(order: $0)) })

  /// Roots of the orthonormal Hermite polynomial h_n by bisection on their number, then Newton's
  /// method with h_n' = √n h_{n−1}; weights 1/(n h_{n−1}²). No value overflows below order 600.
  private init(order n: Int) {
    let root = Double(n).squareRoot()
    nodes = (0..<n).map { index in
      var (low, high) = (-2 * root - 1, 2 * root + 1)
      while high - low > 1e-3 / root {
        let middle = (low + high) / 2
        if n - Self.evaluate(order: n, at: middle).signChanges > index {
          high = middle
        } else {
          low = middle
        }
      }
      var x = (low + high) / 2
      for _ in 0..<6 {
        let h = Self.evaluate(order: n, at: x)
        x -= h.last / (root * h.previous)
      }
      return x
    }
    let raw = nodes.map { x in
      exp(-2 * log(abs(Self.evaluate(order: n, at: x).previous) * root))
    }
    let total = raw.reduce(0, +)
    weights = raw.map { $0 / total }
  }

  /// h_n, h_{n−1} and the sign changes of h_0 … h_n at x, which are the roots above x (Sturm).
  private static func evaluate(
    order n: Int, at x: Double
  ) -> (last: Double, previous: Double, signChanges: Int) {
    var (previous, last) = (0.0, 1.0)
    var changes = 0
    for k in 0..<n {
      let next = (x * last - Double(k).squareRoot() * previous) / Double(k + 1).squareRoot()
      if (next < 0) != (last < 0) { changes += 1 }
      (previous, last) = (last, next)
    }
    return (last, previous, changes)
  }
}
