import NumericKernels

/// The base law of a layer's weights, before the amplitude.
///
/// `fill` draws entry i of a row-major array from the words of a stream as each law's file says;
/// an entry depends on its index and the stream alone.
public enum Law: Hashable, Sendable {
  /// U[−1, 1], variance 1/3.
  case uniform
  /// N(0, 1).
  case gaussian
  /// ±1 with equal probability.
  case rademacher
  /// Laplace's double exponential law, variance 1.
  case laplace
  /// Student's t, variance 1 if there are more than two degrees of freedom, else unscaled.
  case studentT(degreesOfFreedom: Double)

  /// Var Z, or nil if it is infinite.
  public var variance: Double? {
    switch self {
    case .uniform: 1.0 / 3
    case .gaussian, .rademacher, .laplace: 1
    case .studentT(let degrees): degrees > 2 ? 1 : nil
    }
  }

  /// Whether |Z| takes one value with positive probability, so that magnitudes tie.
  public var hasTiedMagnitudes: Bool { self == .rademacher }

  /// Whether a draw can exceed the range of `Float`.
  public var canOverflow: Bool {
    if case .studentT = self { true } else { false }
  }

  /// Fills the head of a row-major array with independent draws times an amplitude.
  ///
  /// - Parameters:
  ///   - count: how many entries are drawn.
  ///   - entries: at least `count`; entry i is drawn from the words of entry i.
  ///   - stream: the stream the words are taken from.
  ///   - amplitude: multiplies each draw after that was rounded to `Float`.
  public func fill(
    first count: Int, of entries: inout [Float], from stream: RandomStream,
    amplitude: Float
  ) {
    precondition(entries.count >= count, "the array is too short")
    switch self {
    case .uniform: fill(count, &entries, stream, amplitude) { Uniform.draws($0[$1]) }
    case .gaussian:
      fill(
        count, &entries, stream, amplitude,
        evaluate: {
          Gaussian.pair($0, &$1)
          Gaussian.evaluate($0, &$1)
        }
      ) { Gaussian.draws($0[$1]) }
    case .rademacher: fill(count, &entries, stream, amplitude) { Rademacher.draws($0[$1]) }
    case .laplace: fill(count, &entries, stream, amplitude) { Laplace.draws($0[$1]) }
    case .studentT(let degrees):
      let law = StudentT(degreesOfFreedom: degrees)
      fill(count, &entries, stream, amplitude, octetsPerBlock: 2) {
        law.draws($0[2 &* $1], $0[2 &* $1 &+ 1])
      }
    }
  }

  /// Whether a block of four words gives four entries, so that panels can be drawn.
  public var canFillPanels: Bool {
    switch self {
    case .uniform, .gaussian, .rademacher: true
    case .laplace, .studentT: false
    }
  }

  /// Fills a panel with the same draws as `fill`, of 64 rows of a matrix.
  ///
  /// - Parameters:
  ///   - panel: receives the rows.
  ///   - first: the first row; words up to row first + 63 are read.
  ///   - columns: the matrix's number of columns, a multiple of 4.
  ///   - stream: the stream the words are taken from.
  ///   - amplitude: multiplies each draw after that was rounded to `Float`.
  public func fill(
    _ panel: inout WeightPanel, from first: Int, columns: Int, from stream: RandomStream,
    amplitude: Float
  ) {
    precondition(columns % 4 == 0, "\(columns) columns are not drawn four at a time")
    panel.start(columns: columns)
    switch self {
    case .uniform: fill(&panel, first, stream, amplitude) { Uniform.draws($0) }
    case .gaussian:
      fill(
        &panel, first, stream, amplitude,
        evaluate: { pair in Gaussian.evaluate(4, pair, step: 1, distance: 4) }
      ) { unsafeBitCast($0, to: SIMD16<Float>.self) }
    case .rademacher: fill(&panel, first, stream, amplitude) { Rademacher.draws($0) }
    case .laplace, .studentT: preconditionFailure("there are no panels of this law")
    }
  }

  /// Generates words where the entries are to be, sixteen columns at a time, and makes entries of them while
  /// they are in the first cache. Not in one loop: the compiler would mix the two.
  ///
  /// - Parameters:
  ///   - evaluate: what is done first, to two columns at a time.
  ///   - draw: what is made of what is then there.
  @inline(__always)
  private func fill(
    _ panel: inout WeightPanel, _ row: Int, _ stream: RandomStream, _ amplitude: Float,
    evaluate: (_ pair: UnsafeMutablePointer<Lanes>) -> Void = { _ in },
    draw: (SIMD16<UInt32>) -> SIMD16<Float>
  ) {
    let columns = panel.columns
    panel.withUnsafeColumns { entries in
      for column in stride(from: 0, to: columns, by: 16) {
        let count = min(16, columns &- column)
        let chunk = entries + column &* 4
        stream.generateColumns(
          count / 4, from: (row &* columns &+ column) / 4, step: columns / 4,
          into: UnsafeMutableRawPointer(chunk).assumingMemoryBound(to: SIMD8<UInt64>.self))
        for pair in 0..<count / 2 { evaluate(chunk + pair &* 8) }
        for index in 0..<count &* 4 {
          chunk[index] = draw(unsafeBitCast(chunk[index], to: SIMD16<UInt32>.self)) * amplitude
        }
      }
    }
  }

  /// Octets generated at once: their 4 KiB stay in the first cache.
  private static let octetsAtOnce = 32

  /// Writes block after block of draws, the last one cut to the end of the array.
  @inline(__always)
  private func fill(
    _ count: Int, _ entries: inout [Float], _ stream: RandomStream, _ amplitude: Float,
    octetsPerBlock: Int = 1,
    evaluate: (_ count: Int, _ octets: inout MutableSpan<Philox.Octet>) -> Void = { _, _ in },
    draw: (_ octets: Span<Philox.Octet>, _ block: Int) -> DrawBlock
  ) {
    let blocks = (count + 31) / 32
    let batch = Self.octetsAtOnce / octetsPerBlock
    var octets = InlineArray<32, Philox.Octet>(repeating: .zero)
    for first in stride(from: 0, to: blocks, by: batch) {
      let wanted = min(batch, blocks - first) * octetsPerBlock
      do {
        var span = octets.mutableSpan
        stream.generate((wanted + 3) & ~3, from: first * octetsPerBlock, into: &span)
        evaluate(wanted, &span)
      }
      let whole = min(batch, count / 32 - first)
      let source = octets.span
      do {
        var span = entries.mutableSpan
        var bytes = span.mutableBytes
        for block in 0..<max(0, whole) {
          let draws = draw(source, block)
          let offset = (first &+ block) &* 128
          bytes.storeBytes(
            of: draws.low * amplitude, toByteOffset: offset, as: SIMD16<Float>.self)
          bytes.storeBytes(
            of: draws.high * amplitude, toByteOffset: offset &+ 64, as: SIMD16<Float>.self)
        }
      }
      guard whole < batch && (first + whole) * 32 < count else { continue }
      let last = draw(source, whole)
      for index in (first + whole) * 32..<count {
        let lane = index & 15
        entries[index] = (index & 16 == 0 ? last.low[lane] : last.high[lane]) * amplitude
      }
    }
  }
}
