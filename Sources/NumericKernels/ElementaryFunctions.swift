/// Elementary functions whose bits depend on nothing but their argument.
///
/// The C library's `log`, `exp`, `cos` and `tanh` differ in their last bits between libraries and
/// processors. Everything on the way to `trials.csv` uses these instead: additions,
/// multiplications, divisions and fused multiply-adds of IEEE 754, in a fixed order, eight
/// double-precision lanes at a time. Each is accurate to a few units in the last place of
/// `Double`, far beyond the `Float` its callers round to.
public enum Elementary {
  /// Eight double-precision lanes.
  public typealias Vector = SIMD8<Double>
  /// Eight 64-bit words.
  public typealias Words = SIMD8<UInt64>

  /// The lanes' bit patterns.
  @inlinable @inline(__always)
  static func bits(_ x: Vector) -> Words { unsafeBitCast(x, to: Words.self) }

  /// The lanes with these bit patterns.
  @inlinable @inline(__always)
  static func fromBits(_ x: Words) -> Vector { unsafeBitCast(x, to: Vector.self) }

  /// Unsigned integers below 2⁵² as floating-point numbers, exactly.
  @inlinable @inline(__always)
  public static func exact(_ integers: Words) -> Vector {
    fromBits(integers | 0x4330_0000_0000_0000) - 0x1p52
  }

  /// The nearest single-precision numbers.
  ///
  /// Lane by lane, which becomes one instruction; the vector's own conversion is a call that keeps
  /// its neighbours from staying in registers.
  @inlinable @inline(__always)
  public static func single(_ x: Vector) -> SIMD8<Float> {
    SIMD8<Float>(
      Float(x[0]), Float(x[1]), Float(x[2]), Float(x[3]), Float(x[4]), Float(x[5]), Float(x[6]),
      Float(x[7]))
  }

  /// The same numbers in double precision.
  @inlinable @inline(__always)
  public static func double(_ x: SIMD8<Float>) -> Vector {
    Vector(
      Double(x[0]), Double(x[1]), Double(x[2]), Double(x[3]), Double(x[4]), Double(x[5]),
      Double(x[6]), Double(x[7]))
  }

  /// The lanes with their signs turned where a word has its top bit set.
  ///
  /// - Parameters:
  ///   - x: the lanes.
  ///   - signs: words of which only the top bits may be set.
  @inlinable @inline(__always)
  public static func signed(_ x: Vector, _ signs: Words) -> Vector { fromBits(bits(x) ^ signs) }

  /// a·x + b with one rounding.
  @inlinable @inline(__always)
  static func fma(_ a: Vector, _ x: Vector, _ b: Vector) -> Vector { b.addingProduct(a, x) }

  /// The square root of 0 and of positive normal numbers, to one unit in the last place.
  ///
  /// Newton's method for 1/√x from the classical guess by the bits, relative errors 3e-2, 2e-3,
  /// 5e-6, 3e-11, then one corrected step; the standard library's root of a vector takes one lane
  /// after another.
  @inlinable @inline(__always)
  public static func squareRoot(_ x: Vector) -> Vector {
    let half = x * -0.5
    var y = fromBits(0x5fe6_eb50_c7b5_37a9 &- (bits(x) &>> 1))
    y *= fma(half * y, y, Vector(repeating: 1.5))
    y *= fma(half * y, y, Vector(repeating: 1.5))
    y *= fma(half * y, y, Vector(repeating: 1.5))
    let root = x * y
    return fma(fma(-root, root, x), y * 0.5, root)
  }

  /// The natural logarithm of positive normal numbers.
  ///
  /// x = z·2ᵏ with z in [√½, √2), and ln z = 2 artanh(f/(2+f)) with f = z − 1 exact, so that the
  /// relative accuracy holds near x = 1 as well.
  @inlinable @inline(__always)
  public static func log(_ x: Vector) -> Vector {
    let word = bits(x)
    let offset = word &- 0x3fe6_a09e_667f_3bcd
    // The biased exponent of the offset, moved to positive range: k + 2048.
    let k = exact(((offset &>> 52) &+ 2048) & 4095) - 2048
    let z = fromBits(word &- (offset & 0xfff0_0000_0000_0000))
    let f = z - 1
    let s = f / (f + 2)
    let q = s * s
    var series = Vector(repeating: 2.0 / 19)
    series = fma(series, q, Vector(repeating: 2.0 / 17))
    series = fma(series, q, Vector(repeating: 2.0 / 15))
    series = fma(series, q, Vector(repeating: 2.0 / 13))
    series = fma(series, q, Vector(repeating: 2.0 / 11))
    series = fma(series, q, Vector(repeating: 2.0 / 9))
    series = fma(series, q, Vector(repeating: 2.0 / 7))
    series = fma(series, q, Vector(repeating: 2.0 / 5))
    series = fma(series, q, Vector(repeating: 2.0 / 3))
    let tail = fma(series * q, s, s + s)
    return fma(k, Vector(repeating: 0.693147180559945309417), tail)
  }

  /// eˣ − 1, with relative accuracy also near 0; arguments are clamped to [−700, 709].
  @inlinable @inline(__always)
  public static func expMinusOne(_ argument: Vector) -> Vector {
    let x = argument.clamped(
      lowerBound: Vector(repeating: -700), upperBound: Vector(repeating: 709))
    // Rounding to an integer by adding 1.5·2⁵²: the low bits of the sum are the integer.
    let shifted = fma(x, Vector(repeating: 1.44269504088896340736), Vector(repeating: 0x1.8p52))
    let n = shifted - 0x1.8p52
    var r = fma(n, Vector(repeating: -0x1.62e42fee00000p-1), x)
    r = fma(n, Vector(repeating: -0x1.a39ef35793c76p-33), r)
    var series = Vector(repeating: 1.0 / 87_178_291_200)  // 1/14!
    series = fma(series, r, Vector(repeating: 1.0 / 6_227_020_800))
    series = fma(series, r, Vector(repeating: 1.0 / 479_001_600))
    series = fma(series, r, Vector(repeating: 1.0 / 39_916_800))
    series = fma(series, r, Vector(repeating: 1.0 / 3_628_800))
    series = fma(series, r, Vector(repeating: 1.0 / 362_880))
    series = fma(series, r, Vector(repeating: 1.0 / 40_320))
    series = fma(series, r, Vector(repeating: 1.0 / 5_040))
    series = fma(series, r, Vector(repeating: 1.0 / 720))
    series = fma(series, r, Vector(repeating: 1.0 / 120))
    series = fma(series, r, Vector(repeating: 1.0 / 24))
    series = fma(series, r, Vector(repeating: 1.0 / 6))
    series = fma(series, r, Vector(repeating: 0.5))
    let reduced = fma(series, r * r, r)
    // 2ⁿ from the integer in the low bits of `shifted`.
    let power = fromBits(((bits(shifted) &+ 1023) & 2047) &<< 52)
    return fma(power, reduced, power - 1)
  }

  /// The hyperbolic tangent, with relative accuracy also near 0.
  @inlinable @inline(__always)
  public static func tanh(_ x: Vector) -> Vector {
    // Beyond ±20 the result rounds to ±1; the clamp keeps e²ˣ finite.
    let doubled =
      x.clamped(lowerBound: Vector(repeating: -20), upperBound: Vector(repeating: 20)) * 2
    let e = expMinusOne(doubled)
    return e / (e + 2)
  }

  /// cos 2πt and sin 2πt for t = w·2⁻³².
  ///
  /// - Parameter words: 32-bit words w, one a lane. The reduction to [−π/4, π/4] is exact, in
  ///   integers, so that the relative accuracy holds near the zeros as well.
  @inlinable @inline(__always)
  public static func cosSin(turns words: Words) -> (cos: Vector, sin: Vector) {
    let quadrant = (words &+ 0x2000_0000) &>> 30
    // w − quadrant·2³⁰ + 2²⁹ is in 0 … 2³⁰.
    let remainder = words &+ 0x2000_0000 &- (quadrant &<< 30)
    let x = (exact(remainder) - 0x2000_0000) * 1.46291807926715968e-09  // 2π·2⁻³²
    let q = x * x
    var s = Vector(repeating: -1.0 / 1_307_674_368_000)  // −1/15!
    s = fma(s, q, Vector(repeating: 1.0 / 6_227_020_800))
    s = fma(s, q, Vector(repeating: -1.0 / 39_916_800))
    s = fma(s, q, Vector(repeating: 1.0 / 362_880))
    s = fma(s, q, Vector(repeating: -1.0 / 5_040))
    s = fma(s, q, Vector(repeating: 1.0 / 120))
    s = fma(s, q, Vector(repeating: -1.0 / 6))
    let sine = fma(s * q, x, x)
    var c = Vector(repeating: -1.0 / 87_178_291_200)
    c = fma(c, q, Vector(repeating: 1.0 / 479_001_600))
    c = fma(c, q, Vector(repeating: -1.0 / 3_628_800))
    c = fma(c, q, Vector(repeating: 1.0 / 40_320))
    c = fma(c, q, Vector(repeating: -1.0 / 720))
    c = fma(c, q, Vector(repeating: 1.0 / 24))
    c = fma(c, q, Vector(repeating: -0.5))
    let cosine = fma(c, q, Vector(repeating: 1))
    // Quadrants 0 … 3 of (cos, sin): (c, s), (−s, c), (−c, −s), (s, −c).
    // Chosen by bits: comparisons of integer vectors become branches.
    let swapped = 0 &- (quadrant & 1)
    let difference = (bits(cosine) ^ bits(sine)) & swapped
    let first = bits(cosine) ^ difference
    let second = bits(sine) ^ difference
    let cosSign = ((quadrant &+ 1) & 2) &<< 62
    let sinSign = (quadrant & 2) &<< 62
    return (fromBits(first ^ cosSign), fromBits(second ^ sinSign))
  }
}
