/// Uniformly random m-subsets of 0 ..< D, nested in m.
///
/// A partial Fisher–Yates shuffle: step i swaps position i with i + r, r uniform in 0 ..< D − i by
/// the multiply-and-reject method of Lemire (2019) on the stream's words taken in order. The first
/// m positions are the subset. The permutation is kept between calls and put back to the identity
/// after each, so that a draw costs O(m + D/64), not O(D).
public struct SubsetSampler: Sendable {
  private var permutation: [UInt32] = []
  private var marks: [UInt64] = []
  private var swaps: [UInt32] = []

  /// An empty sampler; its scratch memory, 4 bytes for each of the largest D asked for, grows as
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
    reserve(size)
    subset.removeAll(keepingCapacity: true)
    swaps.removeAll(keepingCapacity: true)
    var words = WordCursor(stream)
    for step in 0..<count {
      let target = step + Int(words.below(UInt32(size - step)))
      let chosen = permutation[target]
      permutation[target] = permutation[step]
      permutation[step] = chosen
      swaps.append(UInt32(target))
      marks[Int(chosen >> 6)] |= 1 << UInt64(chosen & 63)
    }
    for step in swaps.indices.reversed() { permutation.swapAt(step, Int(swaps[step])) }
    collectMarks(below: size, into: &subset)
  }

  /// Moves the marked members into `subset` and clears the marks.
  private mutating func collectMarks(below size: Int, into subset: inout [UInt32]) {
    for index in 0..<(size + 63) / 64 where marks[index] != 0 {
      var word = marks[index]
      while word != 0 {
        subset.append(UInt32(index << 6 + word.trailingZeroBitCount))
        word &= word &- 1
      }
      marks[index] = 0
    }
  }

  private mutating func reserve(_ size: Int) {
    if permutation.count < size { permutation = Array(0..<UInt32(size)) }
    let words = (size + 63) / 64
    if marks.count < words { marks = [UInt64](repeating: 0, count: words) }
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
