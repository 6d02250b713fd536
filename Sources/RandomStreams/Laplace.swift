import NumericKernels

/// Laplace's law of variance 1, one word an entry: the sign as `Rademacher`, the magnitude
/// −ln((k + ½)·2⁻³¹)/√2 with k the low 31 bits.
enum Laplace {
  @inline(__always)
  static func draws(_ blocks: Philox.Octet) -> DrawBlock {
    DrawBlock(draws(blocks.x0), draws(blocks.x1), draws(blocks.x2), draws(blocks.x3))
  }

  @inline(__always)
  private static func draws(_ words: SIMD8<UInt64>) -> SIMD8<Float> {
    let u = (Elementary.exact(words & 0x7fff_ffff) + 0.5) * 0x1p-31
    let magnitude = Elementary.log(u) * -0.707106781186547524401
    return Elementary.single(Elementary.signed(magnitude, (words & 0x8000_0000) &<< 32))
  }
}
