import NumericKernels

/// Student's t with ν degrees of freedom, by the polar method of Bailey (1994): entry i uses words
/// 2i, 2i + 1 = (v, w), u = (v + 1)·2⁻³²: √(ν(u^(−2/ν) − 1)) cos(2πw·2⁻³²), scaled to variance 1
/// if ν > 2. Heavy tails can exceed the range of `Float`: then the draw is infinite.
struct StudentT {
  private let exponent: Double
  private let factor: Double

  /// - Parameter degreesOfFreedom: ν > 0.
  init(degreesOfFreedom ν: Double) {
    precondition(ν > 0, "Student's t needs positive degrees of freedom")
    exponent = -2 / ν
    // √ν · √((ν−2)/ν) = √(ν−2).
    factor = ν > 2 ? (ν - 2).squareRoot() : ν.squareRoot()
  }

  /// Thirty-two entries from sixteen blocks, two entries a block.
  @inline(__always)
  func draws(_ first: Philox.Octet, _ second: Philox.Octet) -> DrawBlock {
    DrawBlock(low: draws(first), high: draws(second))
  }

  @inline(__always)
  private func draws(_ blocks: Philox.Octet) -> SIMD16<Float> {
    let a = draws(blocks.x0, blocks.x1)
    let b = draws(blocks.x2, blocks.x3)
    return SIMD16(
      a[0], b[0], a[1], b[1], a[2], b[2], a[3], b[3], a[4], b[4], a[5], b[5], a[6], b[6], a[7], b[7]
    )
  }

  @inline(__always)
  private func draws(_ v: SIMD8<UInt64>, _ w: SIMD8<UInt64>) -> SIMD8<Float> {
    let logarithm = Elementary.log(Elementary.exact(v &+ 1) * 0x1p-32)
    let radius = Elementary.squareRoot(Elementary.expMinusOne(logarithm * exponent)) * factor
    return Elementary.single(radius * Elementary.cosSin(turns: w).cos)
  }
}
