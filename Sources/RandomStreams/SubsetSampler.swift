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
  /// The position that each step swaps with its own.
  private var targets = SwapTargets()
  /// The number at each position, in the form of the place of its mark.
  private var places: [UInt16] = []
  /// Ones for each member; zero between draws; whole blocks of 512. In a block, the marks of numbers 0, 8, 16, …
  /// come first, then those of 1, 9, 17, …: so that bits are made of eight vectors.
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

  /// The memory for drawing m of D numbers: of a small D 3·D bytes, else D/4 and at most 32·m; 4·m, and D/8
  /// for the subset itself.
  public static func bytes(sampling count: Int, of size: Int) -> Int {
    let rest = SwapTargets.bytes(count) + EntryMarks.words(size) * 8
    if size <= largestArray { return rest + blocks(size) * 1536 }
    return rest + EntryMarks.words(size) * MemoryLayout<Bits>.stride
      + SwappedPositions.slots(count, of: size) * 8
  }

  /// Draws a subset.
  ///
  /// - Parameters:
  ///   - count: m, 0 … D.
  ///   - size: D, below 2³².
  ///   - stream: the stream the words are taken from.
  ///   - members: receives the subset.
  public mutating func sample(
    _ count: Int, of size: Int, from stream: RandomStream, into members: inout EntryMarks
  ) {
    precondition(size < 1 << 32 && (0...size).contains(count), "no \(count) of \(size) entries")
    members.clear(size)
    targets.draw(count, of: size, from: stream)
    if size <= Self.largestArray {
      places.resize(to: max(places.count, Self.blocks(size) * 512), filledWith: 0)
      marks.resize(to: max(marks.count, Self.blocks(size) * 512), filledWith: 0)
      Self.order(&places, below: size)
      Self.shuffle(count, targets, &places, &marks)
      Self.collect(below: size, &marks, into: &members.words)
    } else {
      bits.resize(to: max(bits.count, EntryMarks.words(size)), filledWith: Bits())
      swapped.clear(for: count, of: size)
      Self.shuffle(count, targets, swapped.order, &swapped.slots, &bits)
      Self.collect(below: size, &bits, into: &members.words)
    }
  }

  /// The blocks of marks.
  private static func blocks(_ size: Int) -> Int { (size + 511) / 512 }

  /// Puts every position's own number there: in order, so that the shuffle finds them in the nearest cache.
  private static func order(_ places: inout [UInt16], below size: Int) {
    // Of positions 0 … 31, two in a lane: vectors of shorter integers are taken apart.
    let even = SIMD16<UInt32>(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
    let odd = even &+ 1
    let first = ((even & 7) &<< 6 | even &>> 3) | ((odd & 7) &<< 6 | odd &>> 3) &<< 16
    places.withUnsafeMutableBytes { places in
      for group in 0..<2 &* EntryMarks.words(size) {
        let place = UInt32(truncatingIfNeeded: (group &>> 4) &<< 9 | (group & 15) &<< 2)
        places.storeBytes(
          of: first &+ place &* 0x1_0001, toByteOffset: group &* 64, as: SIMD16<UInt32>.self)
      }
    }
  }

  private static func shuffle(
    _ count: Int, _ targets: SwapTargets, _ positions: inout [UInt16], _ members: inout [UInt8]
  ) {
    var places = positions.mutableSpan
    var marks = members.mutableSpan
    for step in 0..<count {
      let target = targets[step]
      let chosen = Int(places[target])
      places[target] = places[step]
      marks[chosen] = .max
    }
  }

  private static func shuffle(
    _ count: Int, _ targets: SwapTargets, _ order: SwappedPositions.Order,
    _ slots: inout [UInt64], _ marks: inout [Bits]
  ) {
    var slots = slots.mutableSpan
    var bits = marks.mutableSpan
    for step in 0..<count {
      let target = targets[step]
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

  /// Makes bits of the marks and clears them.
  private static func collect(
    below size: Int, _ marks: inout [UInt8], into members: inout [UInt64]
  ) {
    marks.withUnsafeMutableBytes { marks in
      for block in 0..<blocks(size) {
        var bits = SIMD8<UInt64>.zero
        for index in 0..<8 {
          let offset = block &* 512 &+ index &* 64
          let eighth = marks.loadUnaligned(fromByteOffset: offset, as: SIMD8<UInt64>.self)
          bits |= eighth & (0x0101_0101_0101_0101 &<< UInt64(truncatingIfNeeded: index))
          marks.storeBytes(of: .zero, toByteOffset: offset, as: SIMD8<UInt64>.self)
        }
        let first = block &* 8
        if first &+ 8 <= members.count {
          members.withUnsafeMutableBytes {
            $0.storeBytes(of: bits, toByteOffset: first &* 8, as: SIMD8<UInt64>.self)
          }
        } else {
          for index in first..<members.count { members[index] = bits[index &- first] }
        }
      }
    }
  }

  /// Moves the bits.
  private static func collect(
    below size: Int, _ marks: inout [Bits], into members: inout [UInt64]
  ) {
    var bits = marks.mutableSpan
    var members = members.mutableSpan
    for index in 0..<EntryMarks.words(size) {
      members[index] = bits[index].members
      bits[index] = Bits()
    }
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
