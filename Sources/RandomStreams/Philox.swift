/// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, *Parallel random
/// numbers: as easy as 1, 2, 3* (SC 2011).
///
/// A pure function of counter and key: nothing is stored, so a draw depends on its address alone.
public enum Philox {
  private static let multipliers: (UInt64, UInt64) = (0xD251_1F53, 0xCD9E_8D57)
  private static let weyl: (UInt32, UInt32) = (0x9E37_79B9, 0xBB67_AE85)

  /// One block: four random words.
  ///
  /// - Parameters:
  ///   - counter: words c0 … c3.
  ///   - key: words k0, k1.
  public static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var x = counter
    var k = key
    for _ in 0..<10 {
      let a = multipliers.0 * UInt64(x[0])
      let b = multipliers.1 * UInt64(x[2])
      x = SIMD4(
        UInt32(truncatingIfNeeded: b >> 32) ^ x[1] ^ k[0], UInt32(truncatingIfNeeded: b),
        UInt32(truncatingIfNeeded: a >> 32) ^ x[3] ^ k[1], UInt32(truncatingIfNeeded: a))
      k = SIMD2(k[0] &+ weyl.0, k[1] &+ weyl.1)
    }
    return x
  }

  /// Eight consecutive blocks, one a lane: word j of block `first` + i is lane i of `xj`.
  struct Octet {
    typealias Words = SIMD8<UInt64>
    var x0: Words
    var x1: Words
    var x2: Words
    var x3: Words

    /// The blocks of counters (`first` + 0 … 7, c1, c2, c3). Words are held in 64-bit lanes, and
    /// the masks are literals, so that the compiler sees a 32 × 32 → 64 bit multiplication.
    @inline(__always)
    init(first: UInt32, c1: UInt32, c2: UInt32, c3: UInt32, key: SIMD2<UInt32>) {
      x0 = (Words(0, 1, 2, 3, 4, 5, 6, 7) &+ UInt64(first)) & 0xffff_ffff
      x1 = Words(repeating: UInt64(c1))
      x2 = Words(repeating: UInt64(c2))
      x3 = Words(repeating: UInt64(c3))
      var k0 = key[0]
      var k1 = key[1]
      for _ in 0..<10 {
        let a = (x0 & 0xffff_ffff) &* 0xD251_1F53
        let b = (x2 & 0xffff_ffff) &* 0xCD9E_8D57
        x0 = (b &>> 32) ^ x1 ^ UInt64(k0)
        x2 = (a &>> 32) ^ x3 ^ UInt64(k1)
        x1 = b & 0xffff_ffff
        x3 = a & 0xffff_ffff
        k0 = k0 &+ 0x9E37_79B9
        k1 = k1 &+ 0xBB67_AE85
      }
    }

    /// The 32 words in the order of the stream.
    @inline(__always)
    var words: WordBlock { WordBlock(x0 | (x1 &<< 32), x2 | (x3 &<< 32)) }
  }
}
