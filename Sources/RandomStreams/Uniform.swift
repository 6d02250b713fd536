/// U[−1, 1]: Float32(Int32(bitPattern: word)) · 2⁻³¹, one word an entry.
enum Uniform {
  @inline(__always)
  static func draws(_ blocks: Philox.Octet) -> SIMD32<Float> {
    let words = unsafeBitCast(blocks.words, to: SIMD32<Int32>.self)
    return SIMD32<Float>(words) * 0x1p-31
  }
}
