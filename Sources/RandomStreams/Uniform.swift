/// U[−1, 1]: Float32(Int32(bitPattern: word)) · 2⁻³¹, one word an entry.
enum Uniform {
  @inline(__always)
  static func draws(_ blocks: Philox.Octet) -> DrawBlock {
    let words = blocks.words
    return DrawBlock(low: draws(words.low), high: draws(words.high))
  }

  @inline(__always)
  private static func draws(_ words: SIMD16<UInt32>) -> SIMD16<Float> {
    SIMD16<Float>(unsafeBitCast(words, to: SIMD16<Int32>.self)) * 0x1p-31
  }
}
