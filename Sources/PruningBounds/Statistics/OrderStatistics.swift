/// Order statistics of a sample that is read several times and never held: the bits of the values are
/// fixed from the highest down, a digit a pass, by counting.
public struct OrderStatistics: Sendable {
  /// How often the sample is read.
  public static let passes = 6
  private static let digitBits = 11

  /// Where one rank is looked for.
  private struct Search {
    /// The rank, from 0, among the values that start with the bits found.
    var rank: Int
    /// The bits found, those below 0.
    var prefix: UInt64 = 0
  }

  private var searches: [Search]
  /// The bits found, each once, in increasing order: a value belongs to one of them at most.
  private var prefixes: [UInt64] = [0]
  /// How often each digit follows the bits found, prefix by prefix.
  private var counts: [Int]
  private var pass = 0

  /// - Parameter ranks: from 1; at most the number of values.
  public init(ranks: [Int]) {
    searches = ranks.map { Search(rank: $0 - 1) }
    counts = [Int](repeating: 0, count: 1 << Self.digitBits)
  }

  /// The lowest bit of the digit of a pass; the last digit is shorter.
  private static func shift(_ pass: Int) -> Int { max(0, 64 - digitBits * (pass + 1)) }

  /// Bits in the order of the values.
  private static func ordered(_ value: Double) -> UInt64 {
    // Zero has one sign.
    let bits = (value + 0).bitPattern
    return bits >> 63 == 1 ? ~bits : bits | 1 << 63
  }

  /// The place of the bits found that a value starts with.
  private func place(of start: UInt64, known: Int) -> Int? {
    var (low, high) = (0, prefixes.count)
    while low < high {
      let middle = (low + high) / 2
      if prefixes[middle] >> known < start { low = middle + 1 } else { high = middle }
    }
    return low < prefixes.count && prefixes[low] >> known == start ? low : nil
  }

  /// Takes a value of the sample, once in each pass.
  ///
  /// - Parameter value: not nan.
  public mutating func observe(_ value: Double) {
    let key = Self.ordered(value)
    let known = pass == 0 ? 64 : Self.shift(pass - 1)
    guard let place = place(of: key >> known, known: known) else { return }
    let shift = Self.shift(pass)
    let digit = (key >> shift) & (1 << (known - shift) - 1)
    counts[place << Self.digitBits + Int(digit)] += 1
  }

  /// Ends a pass over the sample.
  public mutating func endPass() {
    let shift = Self.shift(pass)
    for index in searches.indices {
      guard let place = prefixes.firstIndex(of: searches[index].prefix) else { continue }
      var digit = 0
      while case let count = counts[place << Self.digitBits + digit],
        searches[index].rank >= count
      {
        searches[index].rank -= count
        digit += 1
      }
      searches[index].prefix |= UInt64(digit) << shift
    }
    prefixes = Set(searches.map(\.prefix)).sorted()
    counts = [Int](repeating: 0, count: prefixes.count << Self.digitBits)
    pass += 1
  }

  /// The values of the ranks, after the last pass.
  public var values: [Double] {
    precondition(pass == Self.passes, "the sample is read \(Self.passes) times")
    return searches.map { search in
      let key = search.prefix
      return Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
    }
  }
}
