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

    static let zero = Octet(low: .zero, high: .zero)

    /// The 32 words in the order of the stream.
    @inline(__always) var words: WordBlock { WordBlock(low, high) }
  }

  /// Generates octets of blocks of counters (8·first + i, c1, c2, c3), four octets at a time: enough
  /// to hide the latency of the multiplications.
  ///
  /// The octets go to memory before anything is made of them: where the two are one loop, the
  /// compiler moves the interleaving of words into the rounds. Words are held in 64-bit lanes, and
  /// the masks are literals, so that it sees a 32 × 32 → 64 bit multiplication; the upper halves of
  /// lanes hold whatever the rounds leave there, which multiplications ignore.
  ///
  /// - Parameters:
  ///   - count: how many octets; a multiple of four.
  ///   - first: the number of the first octet.
  ///   - octets: receives them at its start.
  @inline(never)
  static func generate(
    _ count: Int, from first: Int, c1: UInt32, c2: UInt32, c3: UInt32, key: SIMD2<UInt32>,
    into octets: inout MutableSpan<Octet>
  ) {
    precondition(
      count & 3 == 0 && count <= octets.count, "no room for \(count) octets, four at a time")
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 16) { keys in
      let opening = Opening(c1: c1, c2: c2, c3: c3, key: key, keys: keys.baseAddress!)
      var counters =
        Octet.Words(0, 1, 2, 3, 4, 5, 6, 7) &+ UInt64(truncatingIfNeeded: first) &* 8
      for index in stride(from: 0, to: count, by: 4) {
        let (a, b, c, d) = opening.states(
          counters, counters &+ 8, counters &+ 16, counters &+ 24)
        counters &+= 32
        octets[index] = a.octet
        octets[index &+ 1] = b.octet
        octets[index &+ 2] = c.octet
        octets[index &+ 3] = d.octet
      }
    }
  }

  /// Generates sixteen blocks a lane each: for each fourth column of a matrix of words, row by row, in
  /// which a block is four consecutive columns of a row.
  ///
  /// - Parameters:
  ///   - count: how many blocks side by side.
  ///   - first: the number of the first block of row 0.
  ///   - step: how many blocks further each next row begins.
  ///   - words: receives 64 rows, column by column: 4·count columns of four vectors each.
  @inline(never)
  static func generateColumns(
    _ count: Int, from first: Int, step: Int, c1: UInt32, c2: UInt32, c3: UInt32,
    key: SIMD2<UInt32>, into words: UnsafeMutablePointer<Octet.Words>
  ) {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 16) { keys in
      let opening = Opening(c1: c1, c2: c2, c3: c3, key: key, keys: keys.baseAddress!)
      let next = Octet.Words(repeating: UInt64(truncatingIfNeeded: step))
      for half in 0..<2 {
        // Of rows 1, 3, … of each half; without a lane of 0, which the compiler would treat by itself.
        var odd = Octet.Words(1, 3, 5, 7, 9, 11, 13, 15) &* next
        odd &+= UInt64(truncatingIfNeeded: first &+ half &* 32 &* step)
        for block in 0..<count {
          let (a, b, c, d) = opening.states(
            odd &- next, odd, odd &+ 15 &* next, odd &+ 16 &* next)
          odd &+= 1
          let columns = words + (block &* 16 &+ half &* 2)
          columns[0] = .paired(a.x0, b.x0)
          columns[4] = .paired(a.x1, b.x1)
          columns[8] = .paired(a.x2, b.x2)
          columns[12] = .paired(a.x3, b.x3)
          columns[1] = .paired(c.x0, d.x0)
          columns[5] = .paired(c.x1, d.x1)
          columns[9] = .paired(c.x2, d.x2)
          columns[13] = .paired(c.x3, d.x3)
        }
      }
    }
  }

  /// Eight blocks between two rounds, in the lower halves of 64-bit lanes.
  private struct State {
    var x0: Octet.Words
    var x1: Octet.Words
    var x2: Octet.Words
    var x3: Octet.Words

    @inline(__always)
    mutating func round(_ k0: Octet.Words, _ k1: Octet.Words) {
      let a = (x0 & 0xffff_ffff) &* 0xD251_1F53
      let b = (x2 & 0xffff_ffff) &* 0xCD9E_8D57
      x0 = (b &>> 32) ^ x1 ^ k0
      x2 = (a &>> 32) ^ x3 ^ k1
      x1 = b
      x3 = a
    }

    @inline(__always)
    var octet: Octet {
      Octet(low: .paired(x0, x1), high: .paired(x2, x3))
    }
  }

  /// The first two rounds. Of the counter's words only c0 differs between blocks, and reaches half
  /// the state in the first round; the other products are the same for all.
  private struct Opening {
    private let first1: Octet.Words
    private let second0: Octet.Words
    private let second1: Octet.Words
    private let product: Octet.Words
    /// The two keys of each round from the third on, the upper halves of any content. In memory, because there
    /// they cost no operation: the loads are free beside the arithmetic.
    private let keys: UnsafeMutablePointer<UInt64>

    /// - Parameter keys: memory for 16 numbers, to be kept as long as this.
    @inline(__always)
    init(
      c1: UInt32, c2: UInt32, c3: UInt32, key: SIMD2<UInt32>, keys: UnsafeMutablePointer<UInt64>
    ) {
      func spread(_ word: UInt32) -> Octet.Words { Octet.Words(repeating: UInt64(word)) }
      let (key0, key1) = (key[0] &+ weyl.0, key[1] &+ weyl.1)
      let b = UInt64(c2) &* multipliers.1
      let a = UInt64(UInt32(truncatingIfNeeded: b >> 32) ^ c1 ^ key[0]) &* multipliers.0
      first1 = spread(c3 ^ key[1])
      second0 = spread(UInt32(truncatingIfNeeded: b) ^ key0)
      second1 = spread(UInt32(truncatingIfNeeded: a >> 32) ^ key1)
      product = Octet.Words(repeating: a)
      self.keys = keys
      for round in 0..<8 {
        let steps = UInt64(truncatingIfNeeded: round &+ 1)
        keys[2 &* round] = UInt64(key0) &+ steps &* 0x9E37_79B9
        keys[2 &* round &+ 1] = UInt64(key1) &+ steps &* 0xBB67_AE85
      }
    }

    /// Four octets at their end: together they hide the latency of the multiplications.
    @inline(__always)
    func states(
      _ c0: Octet.Words, _ c1: Octet.Words, _ c2: Octet.Words, _ c3: Octet.Words
    ) -> (State, State, State, State) {
      var (a, b, c, d) = (rounds(c0), rounds(c1), rounds(c2), rounds(c3))
      for round in 0..<8 {
        let k0 = Octet.Words(repeating: keys[2 &* round])
        let k1 = Octet.Words(repeating: keys[2 &* round &+ 1])
        a.round(k0, k1)
        b.round(k0, k1)
        c.round(k0, k1)
        d.round(k0, k1)
      }
      return (a, b, c, d)
    }

    /// The state after two rounds, from c0.
    @inline(__always)
    func rounds(_ counters: Octet.Words) -> State {
      let a = (counters & 0xffff_ffff) &* 0xD251_1F53
      let x2 = (a &>> 32) ^ first1
      let b = (x2 & 0xffff_ffff) &* 0xCD9E_8D57
      return State(x0: (b &>> 32) ^ second0, x1: b, x2: a ^ second1, x3: product)
    }
  }
}

extension Philox.Octet.Words {
  /// The low halves of two vectors, the second's in the high half. It gets there by a shuffle: a shift
  /// would be merged with the last round's multiplication into one of 64 × 64 bits, which is slow.
  @inline(__always)
  fileprivate static func paired(_ x: Self, _ y: Self) -> Self {
    let y = unsafeBitCast(y, to: SIMD16<UInt32>.self)
    let swapped = SIMD16(
      y[1], y[0], y[3], y[2], y[5], y[4], y[7], y[6], y[9], y[8], y[11], y[10], y[13], y[12],
      y[15], y[14])
    return (x & 0xffff_ffff)
      | (unsafeBitCast(swapped, to: Self.self) & 0xffff_ffff_0000_0000)
  }
}
