import NumericKernels

/// N(0, 1) by Box and Muller (1958): a pair of words (v, w) gives entries 2i and 2i + 1,
/// √(−2 ln u₁)·(cos 2πu₂, sin 2πu₂) with u₁ = (v + 1)·2⁻³² and u₂ = w·2⁻³².
///
/// Evaluated in double precision and rounded once: within 0.51 units in the last place.
enum Gaussian {
  @inline(__always)
  static func draws(_ blocks: Philox.Octet) -> DrawBlock {
    let (cos0, sin0) = pair(blocks.x0, blocks.x1)
    let (cos2, sin2) = pair(blocks.x2, blocks.x3)
    return DrawBlock(cos0, sin0, cos2, sin2)
  }

  @inline(__always)
  private static func pair(
    _ v: SIMD8<UInt64>, _ w: SIMD8<UInt64>
  ) -> (SIMD8<Float>, SIMD8<Float>) {
    let radius = Elementary.squareRoot(Elementary.log(Elementary.exact(v &+ 1) * 0x1p-32) * -2)
    let (cos, sin) = Elementary.cosSin(turns: w)
    return (Elementary.single(radius * cos), Elementary.single(radius * sin))
  }
}
