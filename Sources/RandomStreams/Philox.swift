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

  /// Eight consecutive blocks, one a lane: word j of block i is lane i of `xj`.
  struct Octet {
    typealias Words = SIMD8<UInt64>
    /// Words 0 and 1 of each block, the earlier in the low half of its 64-bit lane.
    let low: Words
    /// Words 2 and 3.
    let high: Words

    @inline(__always) var x0: Words { low & 0xffff_ffff }
    @inline(__always) var x1: Words { low &>> 32 }
    @inline(__always) var x2: Words { high & 0xffff_ffff }
    @inline(__always) var x3: Words { high &>> 32 }

    /// The 32 words in the order of the stream.
    @inline(__always) var words: WordBlock { WordBlock(low, high) }
  }

  /// Generates octets of blocks of counters (8·first + i, c1, c2, c3).
  ///
  /// The octets go to memory before anything is made of them: where the two are one loop, the
  /// compiler moves the interleaving of words into the rounds. Words are held in 64-bit lanes, and
  /// the masks are literals, so that it sees a 32 × 32 → 64 bit multiplication; the upper halves of
  /// lanes hold whatever the rounds leave there, which multiplications ignore.
  ///
  /// - Parameters:
  ///   - first: the number of the first octet.
  ///   - octets: receives them all.
  @inline(never)
  static func generate(
    from first: Int, c1: UInt32, c2: UInt32, c3: UInt32, key: SIMD2<UInt32>,
    into octets: inout [Octet]
  ) {
    typealias Words = Octet.Words
    func key0(_ round: UInt32) -> Words {
      Words(repeating: UInt64(key[0] &+ round &* 0x9E37_79B9))
    }
    func key1(_ round: UInt32) -> Words {
      Words(repeating: UInt64(key[1] &+ round &* 0xBB67_AE85))
    }
    let (a0, a1, a2, a3, a4) = (key0(0), key0(1), key0(2), key0(3), key0(4))
    let (a5, a6, a7, a8, a9) = (key0(5), key0(6), key0(7), key0(8), key0(9))
    let (b0, b1, b2, b3, b4) = (key1(0), key1(1), key1(2), key1(3), key1(4))
    let (b5, b6, b7, b8, b9) = (key1(5), key1(6), key1(7), key1(8), key1(9))
    var span = octets.mutableSpan
    for index in 0..<span.count {
      let counter = UInt64(UInt32(truncatingIfNeeded: (first &+ index) &* 8))
      var x0 = Words(0, 1, 2, 3, 4, 5, 6, 7) &+ counter
      var x1 = Words(repeating: UInt64(c1))
      var x2 = Words(repeating: UInt64(c2))
      var x3 = Words(repeating: UInt64(c3))
      round(&x0, &x1, &x2, &x3, a0, b0)
      round(&x0, &x1, &x2, &x3, a1, b1)
      round(&x0, &x1, &x2, &x3, a2, b2)
      round(&x0, &x1, &x2, &x3, a3, b3)
      round(&x0, &x1, &x2, &x3, a4, b4)
      round(&x0, &x1, &x2, &x3, a5, b5)
      round(&x0, &x1, &x2, &x3, a6, b6)
      round(&x0, &x1, &x2, &x3, a7, b7)
      round(&x0, &x1, &x2, &x3, a8, b8)
      round(&x0, &x1, &x2, &x3, a9, b9)
      span[index] = Octet(
        low: (x0 & 0xffff_ffff) | (x1 &<< 32), high: (x2 & 0xffff_ffff) | (x3 &<< 32))
    }
  }

  @inline(__always)
  private static func round(
    _ x0: inout Octet.Words, _ x1: inout Octet.Words, _ x2: inout Octet.Words,
    _ x3: inout Octet.Words, _ k0: Octet.Words, _ k1: Octet.Words
  ) {
    let a = (x0 & 0xffff_ffff) &* 0xD251_1F53
    let b = (x2 & 0xffff_ffff) &* 0xCD9E_8D57
    x0 = (b &>> 32) ^ x1 ^ k0
    x2 = (a &>> 32) ^ x3 ^ k1
    x1 = b
    x3 = a
  }
}
