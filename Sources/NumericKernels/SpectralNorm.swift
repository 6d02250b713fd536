/// True upper bounds of spectral norms, in floating point.
///
/// A power-iteration value is a lower bound, so it is only a guess here; the bound is proved. With
/// G = A Aᵀ, ‖A‖² < μ² if and only if M = μ²I − G is positive definite, and that is shown by a
/// Cholesky factorisation that runs to its end:
///
/// 1. The computed Gram matrix has entries off by at most γ_C Σ|a||a|, so ‖G̃ − G‖ ≤ γ_C ‖A‖_F²
///    (products of single-precision entries are exact in double precision, sums of C terms in any
///    order have relative error γ_C = Cu/(1 − Cu), u = 2⁻⁵³).
/// 2. Rounding the diagonal of μ²I − G̃ moves it by at most 2u(μ² + max G̃_ii).
/// 3. A Cholesky factorisation that ends has L Lᵀ = M̃ + E with ‖E‖ ≤ γ_{R+1}/(1 − γ_{R+1}) tr M̃
///    (Higham 2002, Theorem 10.3; Rump, *Verification of positive definiteness*, BIT 2006), so
///    λ_min(M̃) ≥ −‖E‖.
///
/// Together ‖A‖² ≤ μ² + 2(C + R + 4)u(‖A‖_F² + Rμ²), the bound returned, with every γ_n ≤ 2nu. R is
/// the smaller dimension. μ is 1.003 times a Lanczos value; if the factorisation breaks down, μ is
/// raised. Entries of `Float` cannot overflow or underflow here.
public enum SpectralNorm {
  /// A value below ‖A‖ but for rounding, to about 1e-5: Ritz values of ever more Lanczos steps, until
  /// they agree.
  public static func lowerBound(_ matrix: DenseMatrix) -> Double {
    let gram = GramMatrix(matrix.rows <= matrix.columns ? matrix : matrix.transposed)
    guard gram.trace > 0, gram.trace.isFinite else { return gram.trace == 0 ? 0 : .infinity }
    var steps = 24
    var value = max(gram.largestDiagonal, gram.largestEigenvalue(steps: steps))
    while steps < 16 * gram.size {
      steps *= 2
      let next = max(value, gram.largestEigenvalue(steps: steps))
      defer { value = next }
      if next <= value * (1 + 1e-6) { break }
    }
    return value.squareRoot()
  }

  /// A bound of ‖A‖: at least ‖A‖, and at most 1.01 ‖A‖.
  public static func upperBound(_ matrix: DenseMatrix) -> Double {
    let wide = matrix.rows <= matrix.columns ? matrix : matrix.transposed
    let gram = GramMatrix(wide)
    let square = gram.trace
    guard square > 0 else { return square == 0 ? 0 : .infinity }
    guard square.isFinite else { return .infinity }
    var steps = 24
    // No eigenvalue is below the diagonal: a guess even where Lanczos starts in the null space.
    var estimate = max(gram.largestDiagonal, gram.largestEigenvalue(steps: steps))
    var margin = 1.003
    while true {
      let μ² = estimate * margin * margin
      if gram.isBelow(μ²) {
        let slack =
          2 * Double(wide.columns + wide.rows + 4) * 0x1p-53 * (square + Double(wide.rows) * μ²)
        return ((μ² + slack) * (1 + 0x1p-50)).squareRoot() * (1 + 0x1p-50)
      }
      // The guess was too low: a better one first, a wider margin when that no longer helps.
      if steps < 4 * wide.rows { steps *= 4 } else { margin *= 1.002 }
      estimate = max(estimate, gram.largestEigenvalue(steps: steps))
    }
  }
}

/// A Aᵀ in double precision.
struct GramMatrix {
  let size: Int
  /// Rows of whole vectors, padded with zeros.
  private let width: Int
  private var entries: [Vector]

  typealias Vector = SIMD8<Double>

  init(_ matrix: DenseMatrix) {
    let n = matrix.rows
    let inner = (matrix.columns + 7) / 8
    var rows = [Vector](repeating: .zero, count: n * inner)
    for row in 0..<n {
      for column in 0..<matrix.columns {
        rows[row * inner + column / 8][column % 8] = matrix.entries[row * matrix.columns + column]
      }
    }
    size = n
    width = (n + 7) / 8
    entries = [Vector](repeating: .zero, count: n * width)
    for i in 0..<n {
      for j in 0...i {
        let value = Self.dot(rows, i * inner, rows, j * inner, inner)
        entries[i * width + j / 8][j % 8] = value
        entries[j * width + i / 8][i % 8] = value
      }
    }
  }

  private static func dot(
    _ a: [Vector], _ aStart: Int, _ b: [Vector], _ bStart: Int, _ count: Int
  ) -> Double {
    var (s0, s1, s2, s3) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        var index = 0
        while index + 4 <= count {
          s0.addProduct(a[aStart &+ index], b[bStart &+ index])
          s1.addProduct(a[aStart &+ index &+ 1], b[bStart &+ index &+ 1])
          s2.addProduct(a[aStart &+ index &+ 2], b[bStart &+ index &+ 2])
          s3.addProduct(a[aStart &+ index &+ 3], b[bStart &+ index &+ 3])
          index &+= 4
        }
        while index < count {
          s0.addProduct(a[aStart &+ index], b[bStart &+ index])
          index &+= 1
        }
      }
    }
    let sum = (s0 + s1) + (s2 + s3)
    let half = sum.lowHalf + sum.highHalf
    return (half[0] + half[1]) + (half[2] + half[3])
  }

  /// ‖A‖_F².
  var trace: Double { (0..<size).reduce(0) { $0 + entries[$1 * width + $1 / 8][$1 % 8] } }

  /// The largest squared norm of a row of A.
  var largestDiagonal: Double {
    (0..<size).reduce(0) { max($0, entries[$1 * width + $1 / 8][$1 % 8]) }
  }

  /// Whether the Cholesky factorisation of μ²I − G runs to its end.
  func isBelow(_ μ²: Double) -> Bool {
    var factor = [Vector](repeating: .zero, count: size * width)
    for i in 0..<size {
      for j in 0...i {
        let g = entries[i * width + j / 8][j % 8]
        // Entries of row i from j on are still 0, so whole vectors may be multiplied.
        let sum = Self.dot(factor, i * width, factor, j * width, j / 8 + 1)
        let rest = (i == j ? μ² - g : -g) - sum
        if i == j {
          guard rest > 0 else { return false }
          factor[i * width + i / 8][i % 8] = rest.squareRoot()
        } else {
          factor[i * width + j / 8][j % 8] = rest / factor[j * width + j / 8][j % 8]
        }
      }
    }
    return true
  }

  /// The largest Ritz value of some Lanczos steps from a fixed vector: a guess, below the largest
  /// eigenvalue but for rounding.
  func largestEigenvalue(steps: Int) -> Double {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    var v = [Vector](repeating: .zero, count: width)
    for index in 0..<size {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      v[index / 8][index % 8] = Double(state >> 11) * 0x1p-53 - 0.5
    }
    Self.scale(&v, 1 / Self.dot(v, 0, v, 0, width).squareRoot())
    var previous = [Vector](repeating: .zero, count: width)
    var (diagonal, offDiagonal): ([Double], [Double]) = ([], [])
    for step in 0..<min(steps, size) {
      var w = [Vector](repeating: .zero, count: width)
      for row in 0..<size {
        w[row / 8][row % 8] = Self.dot(entries, row * width, v, 0, width)
      }
      let a = Self.dot(w, 0, v, 0, width)
      let b = offDiagonal.last ?? 0
      for index in 0..<width { w[index] -= v[index] * a + previous[index] * b }
      diagonal.append(a)
      let norm = Self.dot(w, 0, w, 0, width).squareRoot()
      guard step + 1 < min(steps, size), norm > a * 1e-14 else { break }
      offDiagonal.append(norm)
      previous = v
      Self.scale(&w, 1 / norm)
      v = w
    }
    return Self.largestEigenvalue(diagonal, offDiagonal)
  }

  private static func scale(_ v: inout [Vector], _ factor: Double) {
    for index in v.indices { v[index] *= factor }
  }

  /// The largest eigenvalue of a symmetric tridiagonal matrix, by bisection with Sturm's count.
  private static func largestEigenvalue(_ diagonal: [Double], _ offDiagonal: [Double]) -> Double {
    var low = diagonal.max() ?? 0
    var high = low + 2 * (offDiagonal.max() ?? 0)
    for _ in 0..<60 where high > low * (1 + 1e-9) {
      let middle = low + (high - low) / 2
      var pivot = middle - diagonal[0]
      for index in 1..<max(1, diagonal.count) {
        guard pivot > 0 else { break }
        pivot = middle - diagonal[index] - offDiagonal[index - 1] * offDiagonal[index - 1] / pivot
      }
      if pivot > 0 { high = middle } else { low = middle }
    }
    return low
  }
}
