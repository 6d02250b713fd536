import Testing

@testable import NumericKernels

@Suite struct EntryMarksTests {
  @Test(arguments: [1, 63, 64, 65, 200, 1000])
  func isASet(size: Int) {
    // One memory for all: nothing of the set before is left.
    var marks = EntryMarks()
    var listed: [UInt32] = []
    for step in [1, 2, 7, 63, 64, 65, 1000] {
      let places = stride(from: step - 1, to: size, by: step).map(UInt32.init)
      marks.set(places, of: size)
      marks.list(into: &listed)
      #expect(listed == places)
      for first in 0..<size {
        for count in Set([1, min(5, size - first), min(63, size - first), min(64, size - first)]) {
          let bits = marks.bits(from: first, count: count)
          for place in 0..<64 {
            let expected = place < count && (first + place + 1) % step == 0
            if bits >> place & 1 != (expected ? 1 : 0) {
              Issue.record("\(first) \(count) \(place)")
            }
          }
        }
      }
    }
  }
}

extension EntryMarks {
  /// The set of these entries of an array.
  mutating func set(_ places: [UInt32], of size: Int) {
    clear(size)
    for place in places.map(Int.init) { words[place / 64] |= 1 << (place % 64) }
  }
}
