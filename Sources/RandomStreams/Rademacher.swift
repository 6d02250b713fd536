/// ±1, one word an entry: +1 where the word's top bit is 0.
enum Rademacher {
  @inline(__always)
  static func draws(_ blocks: Philox.Octet) -> DrawBlock {
    let words = blocks.words
    return DrawBlock(low: draws(words.low), high: draws(words.high))
  }

  /// Sixteen entries of as many words.
  @inline(__always)
  static func draws(_ words: SIMD16<UInt32>) -> SIMD16<Float> {
    unsafeBitCast((words & 0x8000_0000) | 0x3f80_0000, to: SIMD16<Float>.self)
  }
}
