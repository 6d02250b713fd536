import Foundation
import PruningModel
import Testing

@testable import ExperimentKit

@Suite struct JournalTests {
  @Test func shardsArePartitionsOfEqualSize() {
    for trials in [1, 2, 5, 31, 100] {
      for count in [1, 2, 3, 7, 64] {
        let shards = (1...count).map { Shard($0, of: count) }
        for series in 0..<9 {
          let ranges = shards.map { $0.trials(ofSeries: series, of: trials) }
          #expect(ranges.flatMap(Array.init).sorted() == Array(0..<trials))
        }
        // Over all series a shard has at most one trial more than another.
        let sizes = shards.map { shard in
          (0..<9).reduce(0) { $0 + shard.trials(ofSeries: $1, of: trials).count }
        }
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
      }
    }
  }

  @Test func shardTexts() {
    #expect(Shard("3/8") == Shard(3, of: 8) && Shard("3/8")?.description == "3/8")
    for text in ["", "/", "0/1", "2/1", "1/2/3", "x/2", " 1/2", "1/99999999999999999999"] {
      #expect(Shard(text) == nil)
    }
  }

  @Test func integersAsBytes() {
    var bytes: [UInt8] = [9]
    bytes.append(littleEndian: 0x0102_0304 as UInt32)
    bytes.append(littleEndian: UInt64.max - 1)
    #expect(bytes.count == 13 && bytes[1...4] == [4, 3, 2, 1])
    #expect(bytes.littleEndian(at: 1) == 0x0102_0304 as UInt32)
    #expect(bytes.littleEndian(at: 5) == UInt64.max - 1)
  }

  @Test func rowsComeBackToTheBit() throws {
    let failures: [TrialFailure] = [
      .nonFiniteWeight(layer: 3), .nonFiniteValue(layer: 70_000), .nonFiniteCertificate,
    ]
    let plain = TrialErrors(point: 0.1, rootMeanSquare: -0.0, maximum: .leastNonzeroMagnitude)
    let full = TrialErrors(
      point: 1e300, rootMeanSquare: 0.1.nextUp, maximum: 2, ballLower: 3, certificate: 1 / 3)
    let norms = LayerNorms(
      norm: 1.5, keptNorm: 0.3, prunedNorm: 0.7, prunedNormUpper: 0.71, threshold: nil,
      maxRowCount: 12, maxColumnCount: 0)
    let matrix = #"{"kind": "matrix", "rows": 8, "columns": 8}"#
    let cases: [([String: String], [TrialMeasurement])] = [
      ([:], [.errors(plain)]),
      (["measure": #"["ballLower", "certificate"]"#], [.errors(full)]),
      (
        ["network": matrix, "inputs": "", "pruning": #"{"method": "random", "alpha": 0.3}"#],
        [.norms(norms)]
      ),
    ]
    for (replaced, measurements) in cases {
      let layout = RecordLayout(try Example.configuration(replaced))
      let outcomes: [Result<TrialMeasurement, TrialFailure>] =
        measurements.map { .success($0) } + failures.map { .failure($0) }
      var bytes: [UInt8] = []
      for outcome in outcomes { layout.append(outcome, to: &bytes) }
      #expect(bytes.count == outcomes.count * layout.byteCount)
      for (row, outcome) in outcomes.enumerated() {
        #expect(layout.outcome(bytes, at: row * layout.byteCount) == outcome)
        if case .failure = outcome {
          #expect(layout.isFailed(bytes, at: row * layout.byteCount))
        } else {
          #expect(!layout.isFailed(bytes, at: row * layout.byteCount))
        }
      }
      // Bytes that were never written are no row.
      #expect(layout.outcome([UInt8](repeating: 0, count: 100), at: 0) == nil)
    }
  }

  private func block(_ first: Int, _ bytes: [UInt8]) -> JournalFrame {
    .rows(JournalFrame.RowBlock(key: 7, first: first, count: 1, bytes: bytes))
  }

  private func read(_ bytes: [UInt8]) throws -> (
    firsts: [Int], damage: [Range<UInt64>], end: UInt64
  ) {
    try Example.withFolder { folder in
      let path = folder + "/x.journal"
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      var reader = try JournalReader(path)
      var firsts: [Int] = []
      while let frame = try reader.next() {
        if case .rows(let block) = frame { firsts.append(block.first) }
      }
      #expect(reader.length == bytes.count)
      return (firsts, reader.damage, reader.end)
    }
  }

  /// Frames of all sizes around the reader's chunk; the payload of one holds another frame's bytes.
  @Test func framesOfAllSizes() throws {
    let inner = block(99, [1, 2, 3]).bytes
    let sizes = [0, 1, 100, 262_100, 262_144, 262_200, 1_000_000]
    let frames = sizes.enumerated().map { block($0, [UInt8](repeating: 5, count: $1)) }
    let bytes = frames.flatMap(\.bytes) + block(50, inner).bytes
    let found = try read(bytes)
    #expect(found.firsts == Array(sizes.indices) + [50])
    #expect(found.damage.isEmpty && found.end == bytes.count)
  }

  /// Every byte of a small journal changed, one after another: exactly the frame it belongs to is lost.
  @Test func everyByteChanged() throws {
    let frames = (0..<4).map { block($0, [UInt8](repeating: UInt8($0), count: 20)).bytes }
    let bytes = frames.flatMap { $0 }
    let size = frames[0].count
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 0x40
      let found = try read(changed)
      let lost = place / size
      #expect(found.firsts == (0..<4).filter { $0 != lost })
      let stretch = UInt64(lost * size)..<UInt64((lost + 1) * size)
      #expect(found.damage == (lost < 3 ? [stretch] : []))
      #expect(found.end == UInt64(lost < 3 ? 4 * size : 3 * size))
    }
  }

  /// A length that says more than there is, or more than there can be, is damage like any other.
  @Test func wrongLengths() throws {
    let good = block(1, [1, 2, 3, 4]).bytes
    for length: UInt32 in [0, 1, 1000, 1 << 24, 1 << 24 + 1, .max] {
      var bad = good
      bad.replaceSubrange(4..<8, with: [UInt8](littleEndian: length))
      let found = try read(bad + good)
      #expect(found.firsts == [1] && found.damage == [0..<UInt64(good.count)])
    }
  }
}

extension [UInt8] {
  fileprivate init(littleEndian value: UInt32) {
    self = []
    append(littleEndian: value)
  }
}
