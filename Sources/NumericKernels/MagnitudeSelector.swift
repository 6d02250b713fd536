/// Finds the m entries of smallest magnitude in linear time; ties go to the lowest index.
///
/// Magnitudes of floats order as their bits do. A histogram of the upper bits finds the bin that
/// holds the m-th smallest magnitude; the few entries of that bin are refined by their lower bits;
/// a last pass collects everything below the threshold.
public struct MagnitudeSelector: Sendable {
  private var histogram = [Int](repeating: 0, count: 1 << 12)
  private var candidates: [UInt32] = []

  /// A selector; its scratch memory grows with the entries that share the threshold's bin.
  public init() {}

  /// Selects the entries of smallest magnitude.
  ///
  /// - Parameters:
  ///   - count: m, 0 … size.
  ///   - size: how many entries there are, at most 2³².
  ///   - entries: the first `size` of them count; no NaN.
  ///   - places: receives the m indices, increasing.
  public mutating func smallest(
    _ count: Int, ofFirst size: Int, of entries: [Float], into places: inout [UInt32]
  ) {
    precondition((0...size).contains(count) && size <= entries.count, "no \(count) of \(size)")
    places.removeAll(keepingCapacity: true)
    guard count > 0 else { return }
    let (threshold, ties) = threshold(rank: count, size: size, of: entries)
    var remaining = ties
    for index in 0..<size {
      let magnitude = entries[index].bitPattern & 0x7fff_ffff
      if magnitude < threshold {
        places.append(UInt32(index))
      } else if magnitude == threshold && remaining > 0 {
        places.append(UInt32(index))
        remaining -= 1
      }
    }
  }

  /// The bits of the magnitude of the given rank, and how many entries of just that magnitude are
  /// among the `rank` smallest.
  private mutating func threshold(
    rank: Int, size: Int, of entries: [Float]
  ) -> (bits: UInt32, ties: Int) {
    for index in 0..<size {
      histogram[Int((entries[index].bitPattern & 0x7fff_ffff) >> 19)] += 1
    }
    var (high, rank) = takeBin(rank)
    candidates.removeAll(keepingCapacity: true)
    for index in 0..<size {
      let magnitude = entries[index].bitPattern & 0x7fff_ffff
      if magnitude >> 19 == high { candidates.append(magnitude) }
    }
    for shift: UInt32 in [9, 0] {
      let width: UInt32 = shift == 9 ? 10 : 9
      let mask = UInt32(1) << width - 1
      for bits in candidates { histogram[Int(bits >> shift & mask)] += 1 }
      let (bin, rest) = takeBin(rank)
      candidates.removeAll { $0 >> shift & mask != bin }
      high = high << width | bin
      rank = rest
    }
    return (high, rank)
  }

  /// The bin that holds the given rank, the rank within that bin; clears the histogram.
  private mutating func takeBin(_ rank: Int) -> (bin: UInt32, rank: Int) {
    var below = 0
    var bin = 0
    while below + histogram[bin] < rank {
      below += histogram[bin]
      bin += 1
    }
    for index in histogram.indices { histogram[index] = 0 }
    return (UInt32(bin), rank - below)
  }
}
