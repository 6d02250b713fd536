import NumericKernels

/// Which position each step of a partial shuffle swaps with its own: step i of D swaps with i + r, r uniform
/// in 0 ..< D − i by the multiply-and-reject method of Lemire (2019).
struct SwapTargets {
  private typealias Words = SIMD8<UInt64>
  /// Steps whose words are generated at once.
  private static let chunk = 1024

  /// As many as the longest shuffle so far had, in whole chunks.
  private var positions: [UInt32] = []
  private var octets = [Philox.Octet](repeating: .zero, count: chunk / 32)

  /// The memory for so many steps.
  static func bytes(_ count: Int) -> Int { (count + chunk) * 4 }

  /// The target of a step.
  @inline(__always)
  subscript(step: Int) -> Int { Int(positions[step]) }

  /// Draws targets.
  ///
  /// - Parameters:
  ///   - count: the number of steps, at most D.
  ///   - size: D, below 2³².
  ///   - stream: the stream whose words are taken in order.
  mutating func draw(_ count: Int, of size: Int, from stream: RandomStream) {
    let chunks = (count + Self.chunk - 1) / Self.chunk
    positions.resize(to: max(positions.count, chunks * Self.chunk), filledWith: 0)
    for first in stride(from: 0, to: count, by: Self.chunk) {
      let needed = (min(Self.chunk, count &- first) + 127) / 128 * 4
      do {
        var span = octets.mutableSpan
        stream.generate(needed, from: first / 32, into: &span)
      }
      guard Self.turn(octets, needed, first, of: size, into: &positions) else {
        drawOneByOne(first..<count, of: size, from: stream)
        return
      }
    }
  }

  /// By the definition, from a step on before which no word was passed over.
  private mutating func drawOneByOne(_ steps: Range<Int>, of size: Int, from stream: RandomStream) {
    var words = WordCursor(stream, at: steps.lowerBound)
    for step in steps {
      let bound = UInt32(truncatingIfNeeded: size &- step)
      positions[step] = UInt32(truncatingIfNeeded: step) &+ words.below(bound)
    }
  }

  /// Targets of the words of octets, one each; whether certainly none of these is to be passed over.
  private static func turn(
    _ octets: [Philox.Octet], _ count: Int, _ first: Int, of size: Int,
    into positions: inout [UInt32]
  ) -> Bool {
    let octets = octets.span
    var span = positions.mutableSpan
    var bytes = span.mutableBytes
    var suspects = Words.zero
    for index in 0..<count {
      let words = octets[index].words
      let step = first &+ index &* 32
      let low = Self.targets(words.low, step, size, &suspects)
      let high = Self.targets(words.high, step &+ 16, size, &suspects)
      bytes.storeBytes(of: low, toByteOffset: step &* 4, as: SIMD16<UInt32>.self)
      bytes.storeBytes(of: high, toByteOffset: step &* 4 &+ 64, as: SIMD16<UInt32>.self)
    }
    return (suspects &>> 63).wrappedSum() == 0
  }

  /// The targets of sixteen steps. A word may have to be passed over only if the low half of its product
  /// with the bound is below that; the sign of `suspects` then tells. What is computed for steps beyond D
  /// has no meaning.
  @inline(__always)
  private static func targets(
    _ words: SIMD16<UInt32>, _ step: Int, _ size: Int, _ suspects: inout Words
  ) -> SIMD16<UInt32> {
    let words = unsafeBitCast(words, to: Words.self)
    let evenBounds =
      Words(repeating: UInt64(truncatingIfNeeded: size &- step)) &- Words(0, 2, 4, 6, 8, 10, 12, 14)
    let oddBounds = evenBounds &- 1
    let even = (words & 0xffff_ffff) &* (evenBounds & 0xffff_ffff)
    let odd = (words &>> 32) &* (oddBounds & 0xffff_ffff)
    suspects |= (even & 0xffff_ffff) &- evenBounds
    suspects |= (odd & 0xffff_ffff) &- oddBounds
    let steps = SIMD16<UInt32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    return unsafeBitCast((even &>> 32) | (odd & 0xffff_ffff_0000_0000), to: SIMD16<UInt32>.self)
      &+ steps &+ UInt32(truncatingIfNeeded: step)
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
