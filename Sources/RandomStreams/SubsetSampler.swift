/// Uniformly random m-subsets of 0 ..< D, nested in m.
///
/// A partial Fisher–Yates shuffle: step i swaps position i with i + r, r uniform in 0 ..< D − i by
/// the multiply-and-reject method of Lemire (2019) on the stream's words taken in order. The first
/// m positions are the subset. A position holds its own number until it is first swapped, which a
/// bit remembers, so that a draw costs O(m + D/64) and mostly touches the bits alone.
public struct SubsetSampler: Sendable {
  /// The numbers at positions that were swapped; others are never read.
  private var swapped: [UInt32] = []
  /// For each 64 numbers, which positions were swapped and which numbers are members; zero between
  /// draws.
  private var bits: [Bits] = []

  private struct Bits {
    var swapped: UInt64 = 0
    var members: UInt64 = 0
  }

  /// An empty sampler; its scratch memory, 4¼ bytes for each of the largest D asked for, grows as
  /// needed.
  public init() {}

  /// The subset, in increasing order.
  ///
  /// - Parameters:
  ///   - count: m, 0 … D.
  ///   - size: D, below 2³².
  ///   - stream: the stream the words are taken from.
  ///   - subset: receives the m members.
  public mutating func sample(
    _ count: Int, of size: Int, from stream: RandomStream, into subset: inout [UInt32]
  ) {
    precondition(size < 1 << 32 && (0...size).contains(count), "no \(count) of \(size) entries")
    if swapped.count < size {
      swapped = [UInt32](repeating: 0, count: size)
      bits = [Bits](repeating: Bits(), count: (size + 63) / 64)
    }
    Self.shuffle(count, of: size, WordCursor(stream), &swapped, &bits)
    collectMembers(below: size, into: &subset)
  }

  private static func shuffle(
    _ count: Int, of size: Int, _ cursor: WordCursor, _ swapped: inout [UInt32],
    _ marks: inout [Bits]
  ) {
    var words = cursor
    var numbers = swapped.mutableSpan
    var bits = marks.mutableSpan
    for step in 0..<count {
      let target = step &+ Int(words.below(UInt32(truncatingIfNeeded: size &- step)))
      let mark = UInt64(1) &<< UInt64(truncatingIfNeeded: target)
      let isSwapped = bits[target &>> 6].swapped & mark != 0
      let chosen = isSwapped ? Int(numbers[target]) : target
      let own = UInt64(1) &<< UInt64(truncatingIfNeeded: step)
      let moved = bits[step &>> 6].swapped & own != 0 ? numbers[step] : UInt32(step)
      numbers[target] = moved
      bits[target &>> 6].swapped |= mark
      bits[chosen &>> 6].members |= UInt64(1) &<< UInt64(truncatingIfNeeded: chosen)
    }
  }

  /// Moves the members into `subset` and clears the bits.
  private mutating func collectMembers(below size: Int, into subset: inout [UInt32]) {
    subset.removeAll(keepingCapacity: true)
    for index in 0..<(size + 63) / 64 {
      var members = bits[index].members
      while members != 0 {
        subset.append(UInt32(index &<< 6 &+ members.trailingZeroBitCount))
        members &= members &- 1
      }
      bits[index] = Bits()
    }
  }
}

extension WordCursor {
  /// A uniform integer in 0 ..< `bound` (Lemire 2019).
  @inline(__always)
  mutating func below(_ bound: UInt32) -> UInt32 {
    var product = UInt64(take()) &* UInt64(bound)
    if UInt32(truncatingIfNeeded: product) < bound {
      let threshold = (0 &- bound) % bound
      while UInt32(truncatingIfNeeded: product) < threshold {
        product = UInt64(take()) &* UInt64(bound)
      }
    }
    return UInt32(truncatingIfNeeded: product >> 32)
  }
}
