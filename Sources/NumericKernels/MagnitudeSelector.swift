/// Finds the m entries of smallest magnitude in linear time; ties go to the lowest index.
///
/// Magnitudes of floats order as their bits do. A sample bounds the m-th smallest magnitude from
/// above, generously; one pass collects the entries below that bound, sixteen compared at a time; the
/// threshold is found among these few by histograms of their bits, each a thousand times finer than
/// the one before. Where the sample misled, or is not worth its while, every entry is collected.
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
    collect(below: limit, size, entries, atMost: Self.capacity(count, of: size))
    if collected < count { collect(below: Self.unlimited, size, entries, atMost: size) }
    let (threshold, ties) = threshold(rank: count)
    Self.write(magnitudes, indices, threshold, ties, into: &places)
  }

  /// How many entries are expected below the limit at most: a sample in which m has a share of 32
  /// puts its limit, 58, beyond four times m with a probability below 10⁻¹⁰.
  private static func capacity(_ count: Int, of size: Int) -> Int { min(size, 4 * count + 4096) }

  /// The scratch memory for selecting m of D entries, unless the sample misleads.
  public static func bytes(selecting count: Int, of size: Int) -> Int {
    capacity(count, of: size) * 3 * MemoryLayout<UInt32>.stride
  }

  /// Above every magnitude.
  private static let unlimited: UInt32 = 0x8000_0000
  private static let bins = 1024
  /// As many candidates are sorted by insertion.
  private static let few = 24

  /// A magnitude that the m-th smallest is very likely below: where a regular sample reaches its
  /// share of m, four standard deviations and four entries.
  private mutating func sampledLimit(rank: Int, size: Int, of entries: [Float]) -> UInt32 {
    // Large enough for a share of 32, small enough to be worth its while.
    let sample = min(size / 8, max(512, Int(32 * Double(size) / Double(rank))))
    guard size >= 4096 else { return Self.unlimited }
    let step = size / sample
    let share = Double(rank) / Double(size) * Double(sample)
    let wanted = Int(share + 4 * share.squareRoot()) + 4
    guard wanted < sample / 2 else { return Self.unlimited }
    makeRoom(sample)
    for index in 0..<sample {
      magnitudes[index] = entries[index &* step].bitPattern & 0x7fff_ffff
    }
    collected = sample
    return threshold(rank: wanted).bits + 1
  }

  private mutating func makeRoom(_ count: Int) {
    guard magnitudes.count < count else { return }
    magnitudes = [UInt32](repeating: 0, count: count)
    indices = magnitudes
    candidates = magnitudes
  }

  /// Collects the entries whose magnitude is below a limit; nothing if they are more than expected.
  ///
  /// Four entries of a block are written before it is known whether it has as many: a loop that ends
  /// after an unpredictable number of turns costs more.
  private mutating func collect(
    below limit: UInt32, _ size: Int, _ entries: [Float], atMost capacity: Int
  ) {
    makeRoom(capacity + 2 * Lanes.width)
    var kept = 0
    entries.withUnsafeBytes { bytes in
      magnitudes.withUnsafeMutableBufferPointer { magnitudes in
        indices.withUnsafeMutableBufferPointer { indices in
          var start = 0
          while start < size && kept <= capacity {
            var found = Self.entries(below: limit, bytes, start, min(Lanes.width, size &- start))
            let end = kept &+ found.nonzeroBitCount
            repeat {
              for place in kept..<kept &+ 4 {
                // With no entry left this writes the block's first anew, behind the end.
                let index = start &+ found.trailingZeroBitCount & 15
                magnitudes[place] =
                  bytes.load(fromByteOffset: index &* 4, as: UInt32.self) & 0x7fff_ffff
                indices[place] = UInt32(truncatingIfNeeded: index)
                found &= found &- 1
              }
              kept &+= 4
            } while kept < end
            kept = end
            start &+= Lanes.width
          }
        }
      }
    }
    collected = kept <= capacity ? kept : 0
  }

  /// A bit for each of at most sixteen entries: whether its magnitude is below a limit.
  @inline(__always)
  private static func entries(
    below limit: UInt32, _ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int
  ) -> UInt32 {
    guard count == Lanes.width else {
      var found: UInt32 = 0
      for lane in 0..<count {
        let word = bytes.load(fromByteOffset: (start &+ lane) &* 4, as: UInt32.self)
        if word & 0x7fff_ffff < limit { found |= 1 << UInt32(lane) }
      }
      return found
    }
    let words = bytes.loadUnaligned(fromByteOffset: start &* 4, as: SIMD16<UInt32>.self)
    // The top bit of a difference is set where the magnitude is below the limit.
    let below = ((words & 0x7fff_ffff) &- limit) &>> 31
    let marks = below &<< SIMD16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    let eight = marks.lowHalf | marks.highHalf
    let four = eight.lowHalf | eight.highHalf
    let two = four.lowHalf | four.highHalf
    return two[0] | two[1]
  }

  /// The bits of the magnitude of the given rank among those collected, and how many entries of just
  /// that magnitude are among the `rank` smallest.
  private mutating func threshold(rank: Int) -> (bits: UInt32, ties: Int) {
    var rank = rank
    var count = collected
    var (low, shift) = (UInt32(0), UInt32(21))  // All bits but the sign in 1024 bins.
    for index in 0..<count { candidates[index] = magnitudes[index] }
    while count > Self.few {
      let (bin, below) = bin(ofRank: rank, count, low, shift)
      low += bin << shift
      rank -= below
      count = Self.keep(&candidates, count) { ($0 &- low) >> shift == 0 }
      if shift == 0 { return (low, rank) }
      shift = shift > 10 ? shift - 10 : 0
    }
    Self.sort(&candidates, count)
    let bits = candidates[rank - 1]
    var first = rank - 1
    while first > 0 && candidates[first - 1] == bits { first -= 1 }
    return (bits, rank - first)
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

  /// Sorts the first few elements by insertion, which needs no memory.
  private static func sort(_ numbers: inout [UInt32], _ count: Int) {
    for end in 1..<max(1, count) {
      let number = numbers[end]
      var place = end
      while place > 0 && numbers[place - 1] > number {
        numbers[place] = numbers[place - 1]
        place -= 1
      }
      numbers[place] = number
    }
  }

  /// Writes the indices of magnitudes below the threshold and of the first ties.
  private static func write(
    _ magnitudes: [UInt32], _ indices: [UInt32], _ threshold: UInt32, _ ties: Int,
    into places: inout [UInt32]
  ) {
    var remaining = ties
    var written = 0
    var index = 0
    while written < places.count {
      let magnitude = magnitudes[index]
      places[written] = indices[index]
      let isTie = magnitude == threshold && remaining > 0
      written &+= magnitude < threshold || isTie ? 1 : 0
      remaining &-= isTie ? 1 : 0
      index += 1
    }
  }
}
