/// Order statistics of a sample that is read several times and never held: the bits of the values are
/// fixed from the highest down, a digit a pass, by counting.
public struct OrderStatistics: Sendable {
  /// How often the sample is read.
  public static let passes = 6
  private static let digitBits = 11

  /// One rank that is looked for.
  private struct Search {
    /// The rank, from 0, among the values that start with the bits found.
    var rank: Int
    /// The bits found, those below 0.
    var prefix: UInt64 = 0
  }

  private var searches: [Search]
  /// How often each digit follows the bits found, search by search.
  private var counts: [Int]
  private var pass = 0

  /// - Parameter ranks: from 1; at most the number of values.
  public init(ranks: [Int]) {
    searches = ranks.map { Search(rank: $0 - 1) }
    counts = [Int](repeating: 0, count: ranks.count << Self.digitBits)
  }

  /// The lowest bit of the digit of a pass; the last digit is shorter.
  private static func shift(_ pass: Int) -> Int { max(0, 64 - digitBits * (pass + 1)) }

  /// Bits in the order of the values.
  private static func ordered(_ value: Double) -> UInt64 {
    // Zero has one sign.
    let bits = (value + 0).bitPattern
    return bits >> 63 == 1 ? ~bits : bits | 1 << 63
  }

  /// Takes a value of the sample, once in each pass.
  ///
  /// - Parameter value: not nan.
  public mutating func observe(_ value: Double) {
    let key = Self.ordered(value)
    let shift = Self.shift(pass)
    let known = pass == 0 ? 64 : Self.shift(pass - 1)
    for place in searches.indices where key >> known == searches[place].prefix >> known {
      let digit = (key >> shift) & (1 << (known - shift) - 1)
      counts[place << Self.digitBits + Int(digit)] += 1
    }
  }

  /// Ends a pass over the sample.
  public mutating func endPass() {
    let shift = Self.shift(pass)
    for place in searches.indices {
      var digit = 0
      while case let count = counts[place << Self.digitBits + digit],
        searches[place].rank >= count
      {
        searches[place].rank -= count
        digit += 1
      }
      searches[place].prefix |= UInt64(digit) << shift
    }
    counts = [Int](repeating: 0, count: counts.count)
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
