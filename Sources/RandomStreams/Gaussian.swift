import NumericKernels

/// N(0, 1) by Box and Muller (1958): a pair of words (v, w) gives entries 2i and 2i + 1,
/// √(−2 ln u₁)·(cos 2πu₂, sin 2πu₂) with u₁ = (v + 1)·2⁻³² and u₂ = w·2⁻³².
///
/// Evaluated in single precision, by steps that keep the relative accuracy also where u₁ is near 1 and
/// where cosine or sine is near 0: within 8·2⁻²⁴ = 4.8e-7 relative (4.4·2⁻²⁴ is the most seen). The
/// polynomials are minimax fits of the functions named at them.
enum Gaussian {
  private typealias Words = SIMD16<UInt32>

  /// As many vectors of pairs are evaluated at once; what is between the steps is 1 KiB on the stack.
  private static let vectorsAtOnce = 8

  /// Puts words 0 and 2 of the blocks into `low`, words 1 and 3 into `high`.
  @inline(never)
  static func pair(_ count: Int, _ octets: inout MutableSpan<Philox.Octet>) {
    for index in 0..<count {
      let (low, high) = (octets[index].low, octets[index].high)
      octets[index] = Philox.Octet(
        low: (low & 0xffff_ffff) | (high &<< 32),
        high: (low &>> 32) | (high & 0xffff_ffff_0000_0000))
    }
  }

  /// Turns octets with words v in `low` and w in `high` into the numbers made of them, the cosines' in
  /// `low` and the sines' in `high`, each as the bits of sixteen numbers.
  ///
  /// - Parameters:
  ///   - count: how many octets.
  ///   - octets: the first `count` are replaced.
  static func evaluate(_ count: Int, _ octets: inout MutableSpan<Philox.Octet>) {
    precondition(count <= octets.count, "there are no \(count) octets")
    octets.withUnsafeMutableBufferPointer { octets in
      let halves = UnsafeMutableRawPointer(octets.baseAddress!).assumingMemoryBound(to: Lanes.self)
      for first in stride(from: 0, to: count, by: vectorsAtOnce) {
        evaluate(min(vectorsAtOnce, count - first), halves + 2 * first, step: 2, distance: 1)
      }
    }
  }

  /// Turns vectors of words v and w into the numbers made of them.
  ///
  /// One step after the other for all vectors, each from memory to memory: a number's whole chain of
  /// operations is longer than the processor looks ahead, and of several in one loop the compiler
  /// takes the vectors apart.
  ///
  /// - Parameters:
  ///   - count: how many vectors of pairs, at most `vectorsAtOnce`.
  ///   - pairs: the bits of the first v, replaced by the cosines' numbers.
  ///   - step: how far each next v and w are.
  ///   - distance: how far behind v is w, replaced by the sines' numbers.
  @inline(never)
  static func evaluate(
    _ count: Int, _ pairs: UnsafeMutablePointer<Lanes>, step: Int, distance: Int
  ) {
    precondition(count <= vectorsAtOnce, "too many vectors at once")
    let turns = pairs + distance
    withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 2 * vectorsAtOnce) { scratch in
      let cosines = scratch.baseAddress!
      let sines = cosines + vectorsAtOnce
      for index in 0..<count {
        pairs[index &* step] = squaredRadius(words(pairs[index &* step]))
      }
      for index in 0..<count { pairs[index &* step] = root(pairs[index &* step]) }
      for index in 0..<count { cosines[index] = angle(turns: words(turns[index &* step])) }
      for index in 0..<count { sines[index] = sin(cosines[index]) }
      for index in 0..<count { cosines[index] = cos(cosines[index]) }
      for index in 0..<count {
        let (radius, w) = (pairs[index &* step], words(turns[index &* step]))
        let (cos, sin) = turned(cos: cosines[index], sin: sines[index], turns: w)
        pairs[index &* step] = radius * cos
        turns[index &* step] = radius * sin
      }
    }
  }

  @inline(__always)
  private static func lanes(_ half: Philox.Octet.Words) -> Lanes {
    unsafeBitCast(half, to: Lanes.self)
  }

  @inline(__always)
  private static func words(_ half: Lanes) -> Words {
    unsafeBitCast(half, to: Words.self)
  }

  /// The entries of an octet that was evaluated, in order.
  @inline(__always)
  static func draws(_ octet: Philox.Octet) -> DrawBlock {
    let (x, y) = (lanes(octet.low), lanes(octet.high))
    return DrawBlock(
      low: Lanes(
        x[0], y[0], x[1], y[1], x[2], y[2], x[3], y[3],
        x[4], y[4], x[5], y[5], x[6], y[6], x[7], y[7]),
      high: Lanes(
        x[8], y[8], x[9], y[9], x[10], y[10], x[11], y[11],
        x[12], y[12], x[13], y[13], x[14], y[14], x[15], y[15]))
  }

  /// −2 ln((v + 1)·2⁻³²).
  ///
  /// The logarithm is ln(1 + f) + k ln 2 with f in [√½ − 1, √2 − 1]. From u₁ = ¾ on, f = u₁ − 1 comes
  /// from 2³² − 1 − v and not from u₁, whose rounding would be large beside it.
  @inline(__always)
  private static func squaredRadius(_ v: Words) -> Lanes {
    // All ones from u₁ = ¾ on: comparisons of integer vectors become branches.
    let isNearOne = 0 &- ((v & (v &<< 1)) &>> 31)
    // Of 2³²u₁, or of 2³² − 2³²u₁, the nearest number.
    let count = ((v &+ 1) ^ isNearOne) &- isNearOne
    let word = unsafeBitCast(
      fma(float(count &>> 16), Lanes(repeating: 65536), float(count & 0xffff)), to: Words.self)
    // It is z·2ᵏ⁺³² with z in [√½, √2).
    let offset = word &- 0x3f35_04f3
    let z = unsafeBitCast(word &- (offset & 0xff80_0000), to: Lanes.self)
    let near = unsafeBitCast(word, to: Lanes.self) * -0x1p-32
    let f = choose(near, z - 1, isNearOne)
    let k = choose(.zero, float(offset &>> 23) - 32, isNearOne)
    // (ln(1 + f) − f)/f²; 4e-9 of the logarithm.
    var series = Lanes(repeating: -0.07622120529413223)
    series = fma(series, f, 0.12904709577560425)
    series = fma(series, f, -0.1324298083782196)
    series = fma(series, f, 0.14181776344776154)
    series = fma(series, f, -0.16609077155590057)
    series = fma(series, f, 0.20001976191997528)
    series = fma(series, f, -0.25001582503318787)
    series = fma(series, f, 0.33333325386047363)
    series = fma(series, f, -0.49999988079071045)
    // ln 2 in two parts; the larger has 15 bits, so that k times it is exact.
    let tail = (series * f * f).addingProduct(k, Lanes(repeating: 1.42860682e-6))
    let logarithm = (f + tail).addingProduct(k, Lanes(repeating: 0.693145751953125))
    return logarithm * -2
  }

  /// 2πu for u = w·2⁻³², less a number of quarter turns, so that it is in [−π/4, π/4]; the reduction
  /// is exact, in integers.
  @inline(__always)
  private static func angle(turns w: Words) -> Lanes {
    // w − quadrant·2³⁰ + 2²⁹ is in 0 … 2³⁰.
    let remainder = w &+ 0x2000_0000 &- (quadrant(w) &<< 30)
    let turned = fma(
      float(remainder &>> 15) - 0x4000, Lanes(repeating: 32768), float(remainder & 0x7fff))
    return turned * 1.46291807926716e-09  // 2π·2⁻³²
  }

  /// The number of quarter turns.
  @inline(__always)
  private static func quadrant(_ w: Words) -> Words { (w &+ 0x2000_0000) &>> 30 }

  /// sin x on [−π/4, π/4]; 4e-9 of it, before rounding.
  @inline(__always)
  private static func sin(_ x: Lanes) -> Lanes {
    let q = x * x
    // (sin x / x − 1)/x².
    var series = Lanes(repeating: -0.00019517267355695367)
    series = fma(series, q, 0.008332177996635437)
    series = fma(series, q, -0.16666655242443085)
    return fma(series * q, x, x)
  }

  /// cos x on [−π/4, π/4]; 4e-9 of it, before rounding.
  @inline(__always)
  private static func cos(_ x: Lanes) -> Lanes {
    let q = x * x
    // (cos x − 1 + x²/2)/x⁴.
    var series = Lanes(repeating: 2.443312041577883e-05)
    series = fma(series, q, -0.0013887316454201937)
    series = fma(series, q, 0.04166664555668831)
    return fma(series * q, q, 1 - q * 0.5)
  }

  /// Cosine and sine of an angle and the quarter turns taken from it.
  @inline(__always)
  private static func turned(
    cos: Lanes, sin: Lanes, turns w: Words
  ) -> (cos: Lanes, sin: Lanes) {
    let (cosine, sine) = (unsafeBitCast(cos, to: Words.self), unsafeBitCast(sin, to: Words.self))
    let quadrant = quadrant(w)
    // Quadrants 0 … 3 of (cos, sin): (c, s), (−s, c), (−c, −s), (s, −c).
    // Chosen by bits: comparisons of integer vectors become branches.
    let difference = (cosine ^ sine) & (0 &- (quadrant & 1))
    let cosSign = ((quadrant &+ 1) & 2) &<< 30
    let sinSign = (quadrant & 2) &<< 30
    return (
      unsafeBitCast(cosine ^ difference ^ cosSign, to: Lanes.self),
      unsafeBitCast(sine ^ difference ^ sinSign, to: Lanes.self)
    )
  }

  /// The square root of 0 and of positive normal numbers: Newton's method for 1/√x from the
  /// classical guess by the bits, relative errors 4e-2, 2e-3, 5e-6, then one corrected step.
  @inline(__always)
  private static func root(_ x: Lanes) -> Lanes {
    let half = x * -0.5
    var y = unsafeBitCast(0x5f37_59df &- (unsafeBitCast(x, to: Words.self) &>> 1), to: Lanes.self)
    y *= fma(half * y, y, 1.5)
    y *= fma(half * y, y, 1.5)
    let root = x * y
    return fma(fma(-root, root, x), y * 0.5, root)
  }

  /// Integers below 2²³, exactly.
  @inline(__always)
  private static func float(_ x: Words) -> Lanes {
    unsafeBitCast(x | 0x4b00_0000, to: Lanes.self) - 0x1p23
  }

  /// `a` where the mask is ones, `b` where it is zeros.
  @inline(__always)
  private static func choose(_ a: Lanes, _ b: Lanes, _ mask: Words) -> Lanes {
    let (a, b) = (unsafeBitCast(a, to: Words.self), unsafeBitCast(b, to: Words.self))
    return unsafeBitCast(b ^ ((a ^ b) & mask), to: Lanes.self)
  }

  @inline(__always)
  private static func fma(_ a: Lanes, _ x: Lanes, _ b: Lanes) -> Lanes { b.addingProduct(a, x) }

  @inline(__always)
  private static func fma(_ a: Lanes, _ x: Lanes, _ b: Float) -> Lanes {
    Lanes(repeating: b).addingProduct(a, x)
  }
}
