/// A set of entries of an array: a bit for each.
public struct EntryMarks: Sendable {
  /// Entry i is bit i mod 64 of word ⌊i/64⌋; the bits behind the last entry are 0.
  public var words: [UInt64] = []

  /// No entries; memory grows with the largest array.
  public init() {}

  /// The number of words for so many entries.
  public static func words(_ size: Int) -> Int { (size + 63) / 64 }

  /// Makes room for the entries of an array and forgets which were in the set.
  public mutating func clear(_ size: Int) {
    words.resize(to: Self.words(size), filledWith: 0)
    for index in words.indices { words[index] = 0 }
  }

  /// The bits of up to 64 entries, the first of them the lowest.
  ///
  /// - Parameters:
  ///   - first: the first entry; all are entries of the array.
  ///   - count: 1 … 64.
  @inline(__always)
  func bits(from first: Int, count: Int) -> UInt64 {
    let (index, shift) = (first &>> 6, UInt64(truncatingIfNeeded: first & 63))
    var bits = words[index] &>> shift
    if Int(shift) &+ count > 64 { bits |= words[index &+ 1] &<< (64 &- shift) }
    return bits & (UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- count))
  }

  /// Lists the entries in increasing order.
  ///
  /// Eight of a word before it is known whether there are as many: a loop that ends after an
  /// unpredictable number of turns costs more.
  public func list(into places: inout [UInt32]) {
    let slack = 8
    let count = words.reduce(0) { $0 &+ $1.nonzeroBitCount }
    places.resize(to: count + slack, filledWith: 0)
    places.withUnsafeMutableBufferPointer { places in
      var written = 0
      for index in words.indices {
        var bits = words[index]
        let end = written &+ bits.nonzeroBitCount
        repeat {
          for slot in 0..<slack {
            places[written &+ slot] = UInt32(
              truncatingIfNeeded: index &<< 6 &+ bits.trailingZeroBitCount)
            bits &= bits &- 1
          }
          written &+= slack
        } while written < end
        written = end
      }
    }
    places.removeLast(slack)
  }
}
