import NumericKernels
import Testing

@Suite struct MagnitudeSelectorTests {
  static func selected(_ count: Int, of entries: [Float]) -> [UInt32] {
    var selector = MagnitudeSelector()
    var places: [UInt32] = []
    selector.smallest(count, ofFirst: entries.count, of: entries, into: &places)
    return places
  }

  /// The definition: sort by magnitude, then by index.
  static func naive(_ count: Int, of entries: [Float]) -> [UInt32] {
    entries.indices.sorted { (abs(entries[$0]), $0) < (abs(entries[$1]), $1) }
      .prefix(count).map(UInt32.init).sorted()
  }

  @Test("Equals sorting", arguments: [1, 2, 5, 31, 33, 97, 1000, 4099, 20_000])
  func equalsNaive(size: Int) {
    let smooth = MatrixProductTests.numbers(size, seed: 7)
    let tied = smooth.map { ($0 * 5).rounded() }
    let wide = smooth.map { $0 * $0 * $0 * $0 * $0 * $0 * $0 * 1e30 * $0 * $0 * $0 }
    let near = smooth.map { 1 + Float(Int($0 * 3)) * Float.ulpOfOne }
    for entries in [smooth, tied, wide, near] {
      for count in Set([0, 1, size / 3, size / 2, size - 1, size]) {
        #expect(Self.selected(count, of: entries) == Self.naive(count, of: entries))
      }
    }
  }

  @Test func tiesGoToTheLowestIndex() {
    let equal = [Float](repeating: -2, count: 100)
    #expect(Self.selected(7, of: equal) == Array(0..<7))
    #expect(Self.selected(2, of: [0, -0.0, 0, 1]) == [0, 1])
  }

  @Test func extremes() {
    let entries: [Float] = [.infinity, .leastNonzeroMagnitude, -.greatestFiniteMagnitude, 0, 1]
    for count in 0...5 {
      #expect(Self.selected(count, of: entries) == Self.naive(count, of: entries))
    }
  }

  @Test func scratchIsCleanAfterUse() {
    var selector = MagnitudeSelector()
    var places: [UInt32] = []
    for seed in 0..<20 as Range<UInt32> {
      let entries = MatrixProductTests.numbers(64, seed: seed)
      selector.smallest(20, ofFirst: 64, of: entries, into: &places)
      #expect(places == Self.naive(20, of: entries))
    }
  }
}
