/// ±1, one word an entry: +1 where the word's top bit is 0.
enum Rademacher {
  @inline(__always)
  static func draws(_ blocks: Philox.Octet) -> SIMD32<Float> {
    let one = SIMD32<UInt32>(repeating: 0x3f80_0000)
    return unsafeBitCast((blocks.words & 0x8000_0000) | one, to: SIMD32<Float>.self)
  }
}
