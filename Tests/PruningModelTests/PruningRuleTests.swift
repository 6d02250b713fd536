import Foundation
import RandomStreams
import Testing

@testable import PruningModel

@Suite struct PruningRuleTests {
  static func count(_ size: Int, _ alpha: Double) -> Int {
    PruningRule(method: .random, alpha: alpha, layers: .hidden).prunedCount(of: size)
  }

  @Test func prunedCounts() {
    // An exact power: 2²⁰ at 0.3 is 2¹⁴.
    #expect(Self.count(1 << 20, 0.3) == 16384)
    #expect(Self.count(10_000, 0.5) == 100)
    #expect(Self.count(1, 0.5) == 1)
    #expect(Self.count(10, 0.999_999) == 1)
    #expect(Self.count(10, 1e-12) == 10)
    for size in [2, 3, 100, 4096, 65_536, 1_000_000, 4_294_967_295] {
      for percent in 1...99 {
        let alpha = Double(percent) / 100
        let expected = min(size, Int((1 + 1e-9) * pow(Double(size), 1 - alpha)))
        #expect(Self.count(size, alpha) == expected)
      }
    }
  }

  @Test func layers() {
    func pruned(_ layers: PruningRule.Layers, of count: Int) -> [Int] {
      (1...count).filter { layers.contains($0, of: count) }
    }
    #expect(pruned(.hidden, of: 4) == [2, 3])
    #expect(pruned(.hidden, of: 2) == [])
    #expect(pruned(.hidden, of: 1) == [])
    #expect(pruned(.all, of: 3) == [1, 2, 3])
    #expect(pruned(.listed([1, 3]), of: 4) == [1, 3])
  }
}
