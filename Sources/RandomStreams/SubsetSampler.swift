import NumericKernels

/// Uniformly random m-subsets of 0 ..< D, nested in m.
///
/// A partial Fisher–Yates shuffle: step i swaps position i with i + r, r uniform in 0 ..< D − i by
/// the multiply-and-reject method of Lemire (2019) on the stream's words taken in order. The first
/// m positions are the subset. A position holds its own number until it is first swapped, which a
/// bit remembers; the numbers at swapped positions are in a hash table, so that a draw costs
/// O(m + D/64) in time and memory and mostly touches the bits alone. Where all positions fit into the
/// nearer caches, their numbers are held in an array, which costs less than to ask what was swapped,
/// and each member is marked by a byte, since a bit would wait for the one set before it in its word.
public struct SubsetSampler: Sendable {
  /// The largest D whose positions are held in an array.
  private static let largestArray = 1 << 16
  /// The number at each position, its own between draws; as long as the largest D so far.
  private var numbers: [UInt16] = []
  /// 1 for each member; zero between draws; whole groups of 64.
  private var marks: [UInt8] = []
  private var swapped = SwappedPositions()
  /// For each 64 numbers, which positions were swapped and which numbers are members; zero between
  /// draws.
  private var bits: [Bits] = []

  private struct Bits {
    var swapped: UInt64 = 0
    var members: UInt64 = 0
  }

  /// An empty sampler; its scratch memory grows as needed, `bytes(sampling:of:)`.
  public init() {}

  /// The scratch memory for drawing m of D numbers: of a small D 3·D bytes, else D/4 and at most 32·m.
  public static func bytes(sampling count: Int, of size: Int) -> Int {
    if size <= largestArray { return size * 2 + words(size) * 64 }
    return words(size) * MemoryLayout<Bits>.stride + SwappedPositions.slots(count, of: size) * 8
  }

  /// The words of a bit for each number.
  private static func words(_ size: Int) -> Int { (size + 63) / 64 }

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
    subset.resize(to: count + Self.slack, filledWith: 0)
    if size <= Self.largestArray {
      while numbers.count < size { numbers.append(UInt16(numbers.count)) }
      marks.resize(to: max(marks.count, Self.words(size) * 64), filledWith: 0)
      Self.shuffle(count, of: size, WordCursor(stream), &numbers, targets: &subset, &marks)
      Self.collect(below: size, &marks, into: &subset)
    } else {
      bits.resize(to: max(bits.count, Self.words(size)), filledWith: Bits())
      swapped.clear(for: count, of: size)
      Self.shuffle(count, of: size, WordCursor(stream), swapped.order, &swapped.slots, &bits)
      Self.collect(below: size, &bits, into: &subset)
    }
    subset.removeLast(Self.slack)
  }

  /// The shuffle of an array, which is put in order again afterwards, position by position of `targets`.
  private static func shuffle(
    _ count: Int, of size: Int, _ cursor: WordCursor, _ identity: inout [UInt16],
    targets swaps: inout [UInt32], _ members: inout [UInt8]
  ) {
    var words = cursor
    var numbers = identity.mutableSpan
    var targets = swaps.mutableSpan
    var marks = members.mutableSpan
    for step in 0..<count {
      let target = step &+ Int(words.below(UInt32(truncatingIfNeeded: size &- step)))
      let chosen = Int(numbers[target])
      numbers[target] = numbers[step]
      targets[step] = UInt32(truncatingIfNeeded: target)
      marks[chosen] = 1
    }
    for step in 0..<count {
      numbers[Int(targets[step])] = UInt16(truncatingIfNeeded: targets[step])
    }
  }

  private static func shuffle(
    _ count: Int, of size: Int, _ cursor: WordCursor, _ order: SwappedPositions.Order,
    _ slots: inout [UInt64], _ marks: inout [Bits]
  ) {
    var words = cursor
    var slots = slots.mutableSpan
    var bits = marks.mutableSpan
    for step in 0..<count {
      let target = step &+ Int(words.below(UInt32(truncatingIfNeeded: size &- step)))
      let mark = UInt64(1) &<< UInt64(truncatingIfNeeded: target)
      let isSwapped = bits[target &>> 6].swapped & mark != 0
      let chosen = isSwapped ? order.number(at: target, slots) : target
      let own = UInt64(1) &<< UInt64(truncatingIfNeeded: step)
      let moved = bits[step &>> 6].swapped & own != 0 ? order.number(at: step, slots) : step
      order.put(moved, at: target, &slots)
      bits[target &>> 6].swapped |= mark
      bits[chosen &>> 6].members |= UInt64(1) &<< UInt64(truncatingIfNeeded: chosen)
    }
  }

  /// Writes the members and clears the marks.
  private static func collect(
    below size: Int, _ marks: inout [UInt8], into subset: inout [UInt32]
  ) {
    marks.withUnsafeMutableBytes { marks in
      subset.withUnsafeMutableBufferPointer { subset in
        var written = 0
        for index in 0..<words(size) {
          let group = marks.loadUnaligned(fromByteOffset: index &* 64, as: SIMD8<UInt64>.self)
          marks.storeBytes(of: .zero, toByteOffset: index &* 64, as: SIMD8<UInt64>.self)
          // The bits of eight marks in the top byte.
          let eights = (group &* 0x0102_0408_1020_4080) &>> 56
          let members = (eights &<< SIMD8(0, 8, 16, 24, 32, 40, 48, 56)).wrappedSum()
          write(members, index, to: subset, &written)
        }
      }
    }
  }

  /// Writes the members and clears the bits.
  private static func collect(
    below size: Int, _ marks: inout [Bits], into subset: inout [UInt32]
  ) {
    var bits = marks.mutableSpan
    subset.withUnsafeMutableBufferPointer { subset in
      var written = 0
      for index in 0..<words(size) {
        write(bits[index].members, index, to: subset, &written)
        bits[index] = Bits()
      }
    }
  }

  /// What may be written behind the last member.
  private static let slack = 8

  /// Writes the members in a word of bits.
  ///
  /// Eight of them before it is known whether there are as many: a loop that ends after an
  /// unpredictable number of turns costs more.
  @inline(__always)
  private static func write(
    _ word: UInt64, _ index: Int, to subset: UnsafeMutableBufferPointer<UInt32>,
    _ written: inout Int
  ) {
    var members = word
    let end = written &+ members.nonzeroBitCount
    repeat {
      for place in 0..<slack {
        subset[written &+ place] = UInt32(
          truncatingIfNeeded: index &<< 6 &+ members.trailingZeroBitCount)
        members &= members &- 1
      }
      written &+= slack
    } while written < end
    written = end
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

/// The numbers at swapped positions: a hash table with open addressing, at most half full. Where a
/// table of all positions is no larger, it is that.
private struct SwappedPositions {
  /// Position and number in one word.
  var slots: [UInt64] = []
  private(set) var order = Order()

  /// The number of slots for `count` swaps among `size` positions.
  static func slots(_ count: Int, of size: Int) -> Int {
    var slots = 16
    while slots < 2 * count && slots < size { slots *= 2 }
    return slots
  }

  /// Empties the table and makes room.
  mutating func clear(for count: Int, of size: Int) {
    let wanted = Self.slots(count, of: size)
    order = Order(slots: wanted, isDirect: wanted >= size)
    slots.resize(to: max(slots.count, wanted), filledWith: Order.empty)
    for slot in 0..<wanted { slots[slot] = Order.empty }
  }

  /// Where a position's number is to be found.
  struct Order {
    fileprivate static let empty = UInt64.max
    private var multiplier: UInt64 = 1
    private var shift: UInt64 = 0
    private var mask = 0

    init() {}

    /// - Parameters:
    ///   - slots: a power of two.
    ///   - isDirect: whether every position has a slot of its own.
    init(slots: Int, isDirect: Bool) {
      mask = slots - 1
      if !isDirect {
        // 2⁶⁴ over the golden ratio spreads consecutive positions (Knuth, volume 3, 6.4).
        (multiplier, shift) = (0x9E37_79B9_7F4A_7C15, UInt64(64 - slots.trailingZeroBitCount))
      }
    }

    @inline(__always)
    private func first(_ position: Int) -> Int {
      Int((UInt64(position) &* multiplier) &>> shift)
    }

    /// The number at a position that has one.
    @inline(__always)
    func number(at position: Int, _ slots: borrowing MutableSpan<UInt64>) -> Int {
      var slot = first(position)
      while slots[slot] &>> 32 != UInt64(position) { slot = (slot &+ 1) & mask }
      return Int(slots[slot] & 0xffff_ffff)
    }

    @inline(__always)
    func put(_ number: Int, at position: Int, _ slots: inout MutableSpan<UInt64>) {
      var slot = first(position)
      while slots[slot] != Self.empty && slots[slot] &>> 32 != UInt64(position) {
        slot = (slot &+ 1) & mask
      }
      slots[slot] = UInt64(position) &<< 32 | UInt64(number)
    }
  }
}
