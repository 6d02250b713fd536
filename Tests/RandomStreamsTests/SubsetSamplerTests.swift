import NumericKernels
import Testing

@testable import RandomStreams

@Suite struct SubsetSamplerTests {
  static func stream(_ trial: UInt32) -> RandomStream {
    RandomStream(seed: 3, trial: trial, layer: 2, purpose: .mask)
  }

  static func subset(_ count: Int, of size: Int, trial: UInt32) -> [UInt32] {
    var sampler = SubsetSampler()
    return sampler.list(count, of: size, from: stream(trial))
  }

  /// The definition, word by word on a whole array.
  static func naive(_ count: Int, of size: Int, trial: UInt32) -> [UInt32] {
    var passed = 0
    return naive(count, of: size, trial: trial, passed: &passed)
  }

  static func naive(_ count: Int, of size: Int, trial: UInt32, passed: inout Int) -> [UInt32] {
    var permutation = Array(0..<UInt32(size))
    var next = 0
    for step in 0..<count {
      let bound = UInt64(size - step)
      var product: UInt64
      repeat {
        product = UInt64(stream(trial).word(at: next)) * bound
        next += 1
      } while product & 0xffff_ffff < (1 << 32) % bound
      permutation.swapAt(step, step + Int(product >> 32))
    }
    passed += next - count
    return permutation.prefix(count).sorted()
  }

  @Test("Equals the shuffle it is defined by", arguments: [1, 2, 5, 31, 33, 63, 64, 65, 97, 1000])
  func equalsNaive(size: Int) {
    var sampler = SubsetSampler()
    for trial in 0..<20 as Range<UInt32> {
      for count in Set([0, 1, size / 3, size - 1, size]) {
        // One sampler for all: it must leave nothing behind.
        let subset = sampler.list(count, of: size, from: Self.stream(trial))
        #expect(subset == Self.naive(count, of: size, trial: trial))
      }
    }
  }

  /// On both sides of 2¹⁶, where the memory is another. A word is a suspect in a share D/2³² of the steps, and
  /// passed over in about half of these.
  @Test("Equals it where words are passed over", arguments: [65_535, 65_536, 65_537, 3_000_000])
  func equalsNaiveWhenLarge(size: Int) {
    var sampler = SubsetSampler()
    var passed = 0
    for trial in 0..<4 as Range<UInt32> {
      for count in [1000, 20_000] {
        let subset = sampler.list(count, of: size, from: Self.stream(trial))
        #expect(subset == Self.naive(count, of: size, trial: trial, passed: &passed))
      }
    }
    // About 29 of 84,000 words at the largest size.
    if size == 3_000_000 { #expect(passed > 5) }
  }

  @Test func nested() {
    for trial in 0..<50 as Range<UInt32> {
      let large = Set(Self.subset(60, of: 100, trial: trial))
      let small = Self.subset(25, of: 100, trial: trial)
      #expect(small.count == 25 && large.isSuperset(of: small))
    }
  }

  /// χ² of the 120 three-subsets of ten over 120,000 draws: 119 degrees of freedom, mean 119,
  /// standard deviation 15.4; a limit of 200 is exceeded with probability 5e-6.
  @Test func uniform() {
    var counts: [[UInt32]: Int] = [:]
    for trial in 0..<120_000 as Range<UInt32> {
      counts[Self.subset(3, of: 10, trial: trial), default: 0] += 1
    }
    #expect(counts.count == 120)
    let χ² = counts.values.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
    #expect(χ² < 200)
  }

  @Test func rejectionIsExercised() {
    // With a bound just above 2³¹ half of all words are rejected.
    let bound: UInt32 = (1 << 31) + 1
    var cursor = WordCursor(Self.stream(0))
    var expected: [UInt32] = []
    for index in 0..<200 {
      let product = UInt64(Self.stream(0).word(at: index)) * UInt64(bound)
      if product & 0xffff_ffff >= (1 << 32) % UInt64(bound) {
        expected.append(UInt32(product >> 32))
      }
    }
    #expect((60..<140).contains(expected.count))
    for value in expected { #expect(cursor.below(bound) == value) }
  }
}

extension SubsetSampler {
  /// The subset in increasing order.
  mutating func list(_ count: Int, of size: Int, from stream: RandomStream) -> [UInt32] {
    var members = EntryMarks()
    var subset: [UInt32] = []
    sample(count, of: size, from: stream, into: &members)
    members.list(into: &subset)
    return subset
  }
}
