/// U[−1, 1]: Float32(Int32(bitPattern: word)) · 2⁻³¹, one word an entry.
enum Uniform {
  @inline(__always)
  static func draws(_ blocks: Philox.Octet) -> DrawBlock {
    let words = blocks.words
    return DrawBlock(low: draws(words.low), high: draws(words.high))
  }

  /// Sixteen entries of as many words.
  @inline(__always)
  static func draws(_ words: SIMD16<UInt32>) -> SIMD16<Float> {
    let x = unsafeBitCast(words, to: SIMD16<Int32>.self)
    // Lane by lane, which becomes one instruction; the vector's own conversion is a call.
    let integers = SIMD16<Float>(
      Float(x[0]), Float(x[1]), Float(x[2]), Float(x[3]), Float(x[4]), Float(x[5]), Float(x[6]),
      Float(x[7]), Float(x[8]), Float(x[9]), Float(x[10]), Float(x[11]), Float(x[12]),
      Float(x[13]), Float(x[14]), Float(x[15]))
    return integers * 0x1p-31
  }
}
