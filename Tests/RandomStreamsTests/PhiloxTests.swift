import Testing

@testable import RandomStreams

@Suite struct PhiloxTests {
  /// The known answers published with Random123 (kat_vectors, philox4x32 10).
  @Test(
    arguments: [
      ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      (
        [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func knownAnswers(counter: [UInt32], key: [UInt32], answer: [UInt32]) {
    #expect(Philox.block(counter: SIMD4(counter), key: SIMD2(key)) == SIMD4(answer))
  }

  @Test(
    "Eight blocks at a time are the blocks one at a time", arguments: [0, 1, 77, (1 << 29) - 1])
  func octets(index: Int) {
    let stream = RandomStream(
      seed: 0xfedc_ba98_7654_3210, trial: 0xffff_fffe, layer: 3, purpose: .mask, cell: 0x8000_0001)
    var octets = InlineArray<8, Philox.Octet>(repeating: .zero)
    var span = octets.mutableSpan
    stream.generate(8, from: index, into: &span)
    for octet in 0..<8 where index + octet < 1 << 29 {
      let words = octets[octet].words
      let first = (index + octet) * 32
      for lane in 0..<16 {
        #expect(words.low[lane] == stream.word(at: first + lane))
        #expect(words.high[lane] == stream.word(at: first + 16 + lane))
      }
    }
  }

  @Test func addressIsTheDocumentedCounter() {
    let stream = RandomStream(
      seed: 0x1111_1111_2222_2222, trial: 5, layer: 7, purpose: .inputs, cell: 9)
    let block = Philox.block(
      counter: SIMD4(3, 5, 7 * 256 + 2, 9), key: SIMD2(0x2222_2222, 0x1111_1111))
    for word in 0..<4 { #expect(stream.word(at: 12 + word) == block[word]) }
  }

  @Test func cursorTakesWordsInOrder() {
    let stream = RandomStream(seed: 1, trial: 2, layer: 3, purpose: .mask)
    var cursor = WordCursor(stream)
    for index in 0..<600 { #expect(cursor.take() == stream.word(at: index)) }
  }
}
