/// Finds the m entries of smallest magnitude in linear time; ties go to the lowest index.
///
/// Magnitudes of floats order as their bits do. A sample bounds the m-th smallest magnitude from
/// above, generously; one pass collects the entries below that bound, sixteen compared at a time; among
/// these few the threshold is found by bisection of its bits, after histograms of theirs where they are
/// many. Where the sample misled, or is not worth its while, every entry is collected.
public struct MagnitudeSelector: Sendable {
  private var histogram = [Int32](repeating: 0, count: Self.bins)
  /// The entries below the bound, in the order of their indices: the first `collected` count.
  private var magnitudes: [UInt32] = []
  private var indices: [UInt32] = []
  private var collected = 0
  /// The magnitudes among which the threshold is still sought.
  private var candidates: [UInt32] = []

  /// A selector; its scratch memory grows with the entries collected.
  public init() {}

  /// Selects the entries of smallest magnitude.
  ///
  /// - Parameters:
  ///   - count: m, 0 … size.
  ///   - size: how many entries there are, at most 2³² − 1.
  ///   - entries: the first `size` of them count; no NaN.
  ///   - places: receives the m indices, increasing.
  public mutating func smallest(
    _ count: Int, ofFirst size: Int, of entries: [Float], into places: inout [UInt32]
  ) {
    precondition((0...size).contains(count) && size <= entries.count, "no \(count) of \(size)")
    places.resize(to: count, filledWith: 0)
    guard count > 0 else { return }
    let limit = sampledLimit(rank: count, size: size, of: entries)
    collect(upTo: limit, size, entries, atMost: Self.capacity(count, of: size))
    if collected < count { collect(upTo: Self.unlimited, size, entries, atMost: size) }
    let (threshold, ties) = threshold(rank: count)
    Self.write(magnitudes, indices, threshold, ties, into: &places)
  }

  /// How many entries are expected below the limit at most: a sample in which m has a share of 32
  /// puts its limit, at most 65 with the slack, beyond four times m with a probability below e⁻¹⁸
  /// (Chernoff's bound for a Poisson law of mean 128).
  private static func capacity(_ count: Int, of size: Int) -> Int { min(size, 4 * count + 4096) }

  /// The scratch memory for selecting m of D entries, unless the sample misleads.
  public static func bytes(selecting count: Int, of size: Int) -> Int {
    (capacity(count, of: size) + chunk) * 3 * MemoryLayout<UInt32>.stride
  }

  /// No magnitude is larger.
  private static let unlimited = Float.infinity
  private static let bins = 1024
  /// So many candidates are bisected at once, each step counting all of them; more are thinned by
  /// histograms first.
  private static let few = 1024

  /// A magnitude that the m-th smallest very likely does not exceed: where a regular sample reaches its
  /// share of m, four standard deviations and four entries.
  private mutating func sampledLimit(rank: Int, size: Int, of entries: [Float]) -> Float {
    // Large enough for a share of 32, small enough to be worth its while.
    let sample = min(size / 8, max(512, Int(32 * Double(size) / Double(rank))))
    guard size >= 4096 else { return Self.unlimited }
    let step = size / sample
    let share = Double(rank) / Double(size) * Double(sample)
    let wanted = Int(share + 4 * share.squareRoot()) + 4
    guard wanted < sample / 2 else { return Self.unlimited }
    makeRoom(sample)
    Self.copyEvery(step, sample, of: entries, to: &magnitudes)
    collected = sample
    return Float(bitPattern: threshold(rank: wanted, slack: wanted / 8).bits)
  }

  private static func copyEvery(
    _ step: Int, _ count: Int, of entries: [Float], to magnitudes: inout [UInt32]
  ) {
    let entries = entries.span
    var magnitudes = magnitudes.mutableSpan
    for index in 0..<count {
      magnitudes[index] = entries[unchecked: index &* step].bitPattern & 0x7fff_ffff
    }
  }

  private mutating func makeRoom(_ count: Int) {
    guard magnitudes.count < count else { return }
    magnitudes = [UInt32](repeating: 0, count: (count + 15) & ~15)
    indices = magnitudes
    candidates = magnitudes
  }

  /// Collects the entries whose magnitude is at most a limit; nothing if they are more than expected.
  private mutating func collect(
    upTo limit: Float, _ size: Int, _ entries: [Float], atMost capacity: Int
  ) {
    makeRoom(capacity + Self.chunk + 4)
    var kept = 0
    var found = Marks(repeating: 0)
    entries.withUnsafeBytes { bytes in
      magnitudes.withUnsafeMutableBufferPointer { magnitudes in
        indices.withUnsafeMutableBufferPointer { indices in
          var start = 0
          while start < size && kept <= capacity {
            let words = min(Self.chunk, size &- start)
            Self.mark(&found, bytes, start, words, upTo: limit)
            kept = Self.gather(
              found, bytes, start, words, from: kept, &magnitudes, &indices)
            start &+= Self.chunk
          }
        }
      }
    }
    collected = kept <= capacity ? kept : 0
  }

  /// The entries compared before any of them is copied: the branches of the one would wait for the other.
  private static let chunk = 4096
  /// A bit for each entry of a chunk.
  private typealias Marks = InlineArray<64, UInt64>

  /// Marks the entries of a chunk whose magnitude is at most a limit.
  private static func mark(
    _ found: inout Marks, _ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int,
    upTo limit: Float
  ) {
    for word in 0..<(count &+ 63) / 64 {
      var marks: UInt64 = 0
      for part in 0..<4 {
        let first = word &* 64 &+ part &* Lanes.width
        let left = count &- first
        guard left > 0 else { break }
        let offset = (start &+ first) &* 4
        if left >= Lanes.width {
          let words = bytes.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt32>.self)
          let magnitudes = unsafeBitCast(words & 0x7fff_ffff, to: Lanes.self)
          marks |= (magnitudes .<= limit).bits &<< UInt64(truncatingIfNeeded: part &* Lanes.width)
        } else {
          for lane in 0..<left {
            let entry = bytes.load(fromByteOffset: offset &+ lane &* 4, as: Float.self)
            if entry.magnitude <= limit {
              marks |= 1 &<< UInt64(truncatingIfNeeded: part &* Lanes.width &+ lane)
            }
          }
        }
      }
      found[word] = marks
    }
  }

  /// Copies the marked entries of a chunk; how many there are then.
  ///
  /// Four of a word are written before it is known whether it has as many: a loop that ends after an
  /// unpredictable number of turns costs more.
  private static func gather(
    _ found: Marks, _ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int, from: Int,
    _ magnitudes: inout UnsafeMutableBufferPointer<UInt32>,
    _ indices: inout UnsafeMutableBufferPointer<UInt32>
  ) -> Int {
    var kept = from
    for word in 0..<(count &+ 63) / 64 {
      var marks = found[word]
      let end = kept &+ marks.nonzeroBitCount
      while kept < end {
        for place in kept..<kept &+ 4 {
          // With no entry left this writes the word's first anew, behind the end.
          let index = start &+ word &* 64 &+ marks.trailingZeroBitCount & 63
          magnitudes[place] =
            bytes.load(fromByteOffset: index &* 4, as: UInt32.self) & 0x7fff_ffff
          indices[place] = UInt32(truncatingIfNeeded: index)
          marks &= marks &- 1
        }
        kept &+= 4
      }
      kept = end
    }
    return kept
  }

  /// A limit with just `rank` of the collected magnitudes below it, up to `slack` more, or the magnitude of
  /// that rank.
  ///
  /// - Returns: the bits of the limit, and how many of just that magnitude are among the `rank` smallest.
  private mutating func threshold(rank: Int, slack: Int = 0) -> (bits: UInt32, ties: Int) {
    var rank = rank
    var count = collected
    // The candidates have these bits and differ in the rest, at first in all but the sign.
    var (bits, rest) = (UInt32(0), UInt32(31))
    for index in 0..<count { candidates[index] = magnitudes[index] }
    while count > Self.few {
      let shift = rest > 10 ? rest - 10 : 0
      let (bin, below) = bin(ofRank: rank, count, bits, shift)
      bits += bin << shift
      rest = shift
      rank -= below
      count = Self.keep(&candidates, count) { ($0 &- bits) >> rest == 0 }
      if rest == 0 { return (bits, rank) }
    }
    // Whole vectors: what is beyond is never below.
    for index in count..<(count + 15) & ~15 { candidates[index] = 0x7fff_ffff }
    // The largest bits with fewer than `rank` below, from the top.
    for bit in (0..<rest).reversed() {
      let trial = bits | 1 << bit
      let below = Self.count(below: trial, candidates, count)
      if below < rank { bits = trial } else if below <= rank + slack { return (trial, 0) }
    }
    return (bits, rank - Self.count(below: bits, candidates, count))
  }

  /// How many of the first few numbers are below a limit; all are below 2³¹, in whole vectors.
  private static func count(below limit: UInt32, _ numbers: [UInt32], _ count: Int) -> Int {
    numbers.withUnsafeBytes { bytes in
      var sum = SIMD16<UInt32>.zero
      for offset in stride(from: 0, to: count &* 4, by: 64) {
        let words = bytes.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt32>.self)
        // The top bit of a difference is set where the number is below the limit.
        sum &+= (words &- limit) &>> 31
      }
      return Int(sum.wrappedSum())
    }
  }

  /// The bin, 2^shift wide and counted from `low`, of the candidate of the given rank, and the number
  /// of candidates in the bins below it.
  private mutating func bin(
    ofRank rank: Int, _ count: Int, _ low: UInt32, _ shift: UInt32
  ) -> (bin: UInt32, below: Int) {
    for bin in 0..<Self.bins { histogram[bin] = 0 }
    for index in 0..<count { histogram[Int((candidates[index] &- low) >> shift)] += 1 }
    // From the top, where most of the magnitudes below a limit are.
    var bin = Self.bins - 1
    var below = count - Int(histogram[bin])
    while below >= rank {
      bin -= 1
      below -= Int(histogram[bin])
    }
    return (UInt32(bin), below)
  }

  /// Moves the elements that satisfy a condition to the front; their number.
  @inline(__always)
  private static func keep(
    _ numbers: inout [UInt32], _ count: Int, _ condition: (UInt32) -> Bool
  ) -> Int {
    var kept = 0
    for index in 0..<count {
      let number = numbers[index]
      numbers[kept] = number
      kept &+= condition(number) ? 1 : 0
    }
    return kept
  }

  /// Writes the indices of magnitudes below the threshold and of the first ties.
  ///
  /// Without a branch on what is below, which would go as randomly as the entries do.
  private static func write(
    _ magnitudes: [UInt32], _ indices: [UInt32], _ threshold: UInt32, _ ties: Int,
    into places: inout [UInt32]
  ) {
    let magnitudes = magnitudes.span
    let indices = indices.span
    var places = places.mutableSpan
    var (remaining, written, index) = (ties, 0, 0)
    // The top bit of the difference of two numbers below 2³¹ tells which is smaller.
    while remaining > 0 {
      places[written] = indices[index]
      let isTie = magnitudes[index] == threshold ? 1 : 0
      written &+= Int((magnitudes[index] &- threshold) &>> 31) &+ isTie
      remaining &-= isTie
      index &+= 1
    }
    while written < places.count {
      places[written] = indices[index]
      written &+= Int((magnitudes[index] &- threshold) &>> 31)
      index &+= 1
    }
  }
}
