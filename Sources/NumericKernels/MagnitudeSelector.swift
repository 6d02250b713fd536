/// Finds the m entries of smallest magnitude in linear time; ties go to the lowest index.
///
/// Magnitudes of floats order as their bits do. A sample bounds the m-th smallest magnitude from
/// above, generously; one pass collects the entries below that bound, sixteen compared at a time; the
/// threshold is found among these few by histograms of their upper, middle and lower bits. Where the
/// sample misled, or is not worth its while, every entry is collected.
public struct MagnitudeSelector: Sendable {
  private var histogram = [Int32](repeating: 0, count: 1 << 12)
  /// The entries below the bound, in the order of their indices: the first `collected` count.
  private var magnitudes: [UInt32] = []
  private var indices: [UInt32] = []
  private var collected = 0

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
    places.removeAll(keepingCapacity: true)
    guard count > 0 else { return }
    let limit = sampledLimit(rank: count, size: size, of: entries)
    collect(below: limit, size, entries, atMost: min(size, 8 * count + 4096))
    if collected < count { collect(below: Self.unlimited, size, entries, atMost: size) }
    let (threshold, ties) = threshold(rank: count)
    if places.count != count { places = [UInt32](repeating: 0, count: count) }
    Self.write(magnitudes, indices, collected, threshold, ties, into: &places)
  }

  /// Above every magnitude.
  private static let unlimited: UInt32 = 0x8000_0000
  private static let sampleSize = 512

  /// A magnitude that the m-th smallest is very likely below: the upper end of the bin in which a
  /// regular sample reaches its share of m, four standard deviations and four entries.
  private mutating func sampledLimit(rank: Int, size: Int, of entries: [Float]) -> UInt32 {
    let step = size / Self.sampleSize
    let share = Double(rank) / Double(size) * Double(Self.sampleSize)
    let wanted = Int(share + 4 * share.squareRoot()) + 4
    guard step >= 8, wanted < Self.sampleSize / 2 else { return Self.unlimited }
    for index in 0..<Self.sampleSize {
      histogram[Int((entries[index * step].bitPattern & 0x7fff_ffff) >> 19)] += 1
    }
    return (takeBin(wanted).bin + 1) << 19
  }

  /// Collects the entries whose magnitude is below a limit; nothing if they are more than expected.
  private mutating func collect(
    below limit: UInt32, _ size: Int, _ entries: [Float], atMost capacity: Int
  ) {
    // Every entry of a block is written before it is known to count, hence the room behind.
    if magnitudes.count < capacity + 16 {
      magnitudes = [UInt32](repeating: 0, count: capacity + 16)
      indices = magnitudes
    }
    var kept = 0
    entries.withUnsafeBytes { bytes in
      magnitudes.withUnsafeMutableBufferPointer { magnitudes in
        indices.withUnsafeMutableBufferPointer { indices in
          var start = 0
          while start < size && kept <= capacity {
            let end = min(size, start &+ 16)
            if end &- start < 16 || Self.hasEntry(below: limit, bytes, start) {
              for index in start..<end {
                let bits = bytes.load(fromByteOffset: index &* 4, as: UInt32.self) & 0x7fff_ffff
                magnitudes[kept] = bits
                indices[kept] = UInt32(truncatingIfNeeded: index)
                kept &+= bits < limit ? 1 : 0
              }
            }
            start = end
          }
        }
      }
    }
    collected = kept <= capacity ? kept : 0
  }

  /// Whether one of sixteen entries has a magnitude below a limit.
  @inline(__always)
  private static func hasEntry(
    below limit: UInt32, _ bytes: UnsafeRawBufferPointer, _ start: Int
  ) -> Bool {
    let words = bytes.loadUnaligned(fromByteOffset: start &* 4, as: SIMD16<UInt32>.self)
    // The top bit of a difference is set where the magnitude is below the limit.
    let below = (words & 0x7fff_ffff) &- limit
    let eight = below.lowHalf | below.highHalf
    let four = eight.lowHalf | eight.highHalf
    let two = four.lowHalf | four.highHalf
    return (two[0] | two[1]) & 0x8000_0000 != 0
  }

  /// The bits of the magnitude of the given rank among those collected, and how many entries of just
  /// that magnitude are among the `rank` smallest.
  private mutating func threshold(rank: Int) -> (bits: UInt32, ties: Int) {
    var (prefix, rank) = (UInt32(0), rank)
    var known: UInt32 = 31
    // Twelve, ten and nine bits, from the top: of those that share the bits known so far.
    for width: UInt32 in [12, 10, 9] {
      let shift = known - width
      let mask = UInt32(1) << width - 1
      for index in 0..<collected where magnitudes[index] >> known == prefix {
        histogram[Int(magnitudes[index] >> shift & mask)] += 1
      }
      let (bin, rest) = takeBin(rank)
      prefix = prefix << width | bin
      known = shift
      rank = rest
    }
    return (prefix, rank)
  }

  /// The bin that holds the given rank, the rank within that bin; clears the histogram.
  private mutating func takeBin(_ rank: Int) -> (bin: UInt32, rank: Int) {
    var below = 0
    var bin = 0
    while below + Int(histogram[bin]) < rank {
      below += Int(histogram[bin])
      bin += 1
    }
    for index in histogram.indices { histogram[index] = 0 }
    return (UInt32(bin), rank - below)
  }

  /// Writes the indices of magnitudes below the threshold and of the first ties.
  private static func write(
    _ magnitudes: [UInt32], _ indices: [UInt32], _ collected: Int, _ threshold: UInt32, _ ties: Int,
    into places: inout [UInt32]
  ) {
    var remaining = ties
    var written = 0
    for index in 0..<collected where magnitudes[index] <= threshold {
      if magnitudes[index] == threshold {
        if remaining == 0 { continue }
        remaining -= 1
      }
      places[written] = indices[index]
      written += 1
    }
  }
}
