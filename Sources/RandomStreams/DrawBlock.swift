import NumericKernels

/// Thirty-two consecutive entries of an array: what eight blocks of a stream yield.
///
/// Two vectors of sixteen, because wider ones do not stay in registers.
struct DrawBlock {
  var low: SIMD16<Float>
  var high: SIMD16<Float>

  @inline(__always)
  init(low: SIMD16<Float>, high: SIMD16<Float>) {
    self.low = low
    self.high = high
  }

  /// From lanes in the order of blocks: entries 4i … 4i + 3 are lane i of `x0` … `x3`.
  @inline(__always)
  init(_ x0: SIMD8<Float>, _ x1: SIMD8<Float>, _ x2: SIMD8<Float>, _ x3: SIMD8<Float>) {
    let words = WordBlock(Self.pack(x0, x1), Self.pack(x2, x3))
    low = unsafeBitCast(words.low, to: SIMD16<Float>.self)
    high = unsafeBitCast(words.high, to: SIMD16<Float>.self)
  }

  @inline(__always)
  private static func pack(_ even: SIMD8<Float>, _ odd: SIMD8<Float>) -> SIMD8<UInt64> {
    let low = SIMD8<UInt64>(truncatingIfNeeded: unsafeBitCast(even, to: SIMD8<UInt32>.self))
    let high = SIMD8<UInt64>(truncatingIfNeeded: unsafeBitCast(odd, to: SIMD8<UInt32>.self))
    return low | (high &<< 32)
  }
}

/// Thirty-two consecutive words of a stream.
struct WordBlock {
  var low: SIMD16<UInt32>
  var high: SIMD16<UInt32>

  /// From words 0 and 1, and words 2 and 3, of eight blocks, each pair in one 64-bit lane with the
  /// earlier word in the low half, where a little-endian machine stores it first.
  @inline(__always)
  init(_ a: SIMD8<UInt64>, _ b: SIMD8<UInt64>) {
    let first = SIMD8(a[0], b[0], a[1], b[1], a[2], b[2], a[3], b[3])
    let second = SIMD8(a[4], b[4], a[5], b[5], a[6], b[6], a[7], b[7])
    low = unsafeBitCast(first, to: SIMD16<UInt32>.self)
    high = unsafeBitCast(second, to: SIMD16<UInt32>.self)
  }
}
