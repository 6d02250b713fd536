/// What a stream of random words is for. Later purposes are appended.
public enum Purpose: UInt32, Sendable, CaseIterable {
  /// The weights of a layer.
  case weights = 0
  /// The random mask of a layer.
  case mask = 1
  /// The inputs of the network (layer 0).
  case inputs = 2
  /// The radii of inputs in the ball (layer 0).
  case radii = 3
}

/// A stream of random 32-bit words, addressed by what it is for, never by when it is drawn.
///
/// Block b of the stream is Philox4x32-10 of the counter (b, trial, layer·256 + purpose, cell)
/// under the seed's two words, and holds the stream's words 4b … 4b + 3. A stream has 2³⁴ words.
public struct RandomStream: Sendable {
  private let key: SIMD2<UInt32>
  private let c1: UInt32
  private let c2: UInt32
  private let c3: UInt32

  /// The stream of one purpose in one layer of one trial.
  ///
  /// - Parameters:
  ///   - seed: the experiment's seed.
  ///   - trial: the trial's index, from 0.
  ///   - layer: from 1; the inputs are layer 0. Below 2²⁴.
  ///   - purpose: what the words are for.
  ///   - cell: 0 where cells share their draws, else the hash of the cell's parameters.
  public init(seed: UInt64, trial: UInt32, layer: Int, purpose: Purpose, cell: UInt32 = 0) {
    precondition((0..<1 << 24).contains(layer), "layer \(layer) is outside 0 ..< 2²⁴")
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    c1 = trial
    c2 = UInt32(layer) << 8 | purpose.rawValue
    c3 = cell
  }

  /// The word at `index`: the definition, one word at a time.
  public func word(at index: Int) -> UInt32 {
    precondition((0..<1 << 34).contains(index), "a stream has 2³⁴ words")
    let block = Philox.block(counter: SIMD4(UInt32(index >> 2), c1, c2, c3), key: key)
    return block[index & 3]
  }

  /// Octets `first` …, of blocks 8·`first` …: the words 32·`first` … of the stream; their number is a
  /// multiple of four.
  @inline(__always)
  func generate(_ count: Int, from first: Int, into octets: inout MutableSpan<Philox.Octet>) {
    Philox.generate(
      count, from: first, c1: c1, c2: c2, c3: c3, key: key, into: &octets)
  }
}

extension RandomStream {
  /// The words of 64 rows of a matrix of words, `count` times four columns, as
  /// `Philox.generateColumns` does.
  @inline(__always)
  func generateColumns(
    _ count: Int, from first: Int, step: Int, into words: UnsafeMutablePointer<Philox.Octet.Words>
  ) {
    Philox.generateColumns(
      count, from: first, step: step, c1: c1, c2: c2, c3: c3, key: key, into: words)
  }
}

/// Takes the words of a stream in order.
struct WordCursor {
  private typealias Words = InlineArray<256, UInt32>

  private let stream: RandomStream
  private var next = 0
  private var words = Words(repeating: 0)

  /// - Parameter next: the index of the first word taken, a multiple of 256.
  init(_ stream: RandomStream, at next: Int = 0) {
    precondition(next & 255 == 0, "word \(next) does not begin a group")
    self.stream = stream
    self.next = next
  }

  /// The next word.
  @inline(__always)
  mutating func take() -> UInt32 {
    if next & 255 == 0 { Self.fill(&words, from: stream, at: next) }
    defer { next &+= 1 }
    return words[next & 255]
  }

  /// Not a method, so that the position stays in a register.
  @inline(never)
  private static func fill(_ words: inout Words, from stream: RandomStream, at next: Int) {
    var octets = InlineArray<8, Philox.Octet>(repeating: .zero)
    do {
      var span = octets.mutableSpan
      stream.generate(8, from: next &>> 5, into: &span)
    }
    var span = words.mutableSpan
    var bytes = span.mutableBytes
    for octet in 0..<8 {
      let block = octets[octet].words
      bytes.storeBytes(of: block.low, toByteOffset: octet &* 128, as: SIMD16<UInt32>.self)
      bytes.storeBytes(of: block.high, toByteOffset: octet &* 128 &+ 64, as: SIMD16<UInt32>.self)
    }
  }
}
