/// A batch behind a ReLU and the error beside it, on their way through fully connected layers that each
/// end in a ReLU: σ(F) and σ(F) − σ(f).
///
/// About half of the entries are 0, at places that differ from input to input. Inputs are therefore
/// held one by one, the coordinates of one side by side, with a bit for each that tells whether it is 0
/// in both batches, and a product takes 64 rows of the weights at once: a coordinate that is not 0
/// costs four vector multiply-adds for each batch, which share the loads of the weights; a zero costs
/// nothing.
///
/// An entry of a product is the same chain of fused multiply-adds as in `MatrixProduct`, without the
/// links that add 0·w, so that it has the same bits (but for the sign of a zero) where the weights are
/// finite.
public struct RectifiedPair: ~Copyable, Sendable {
  /// A tile is 64 inputs × 64 coordinates, and a block of a panel 64 columns × 64 rows: its 16 KiB stay in
  /// the first cache while a tile passes by.
  private static let side = WeightPanel.height
  private static let sideVectors = WeightPanel.columnVectors
  private static let tileVectors = side * sideVectors
  /// Behind a tile lies for each input the word of its bits.
  private static let tileStep = tileVectors + side / 8

  /// σ(F): the tiles of the first 64 inputs, of the next, …; beyond the last coordinate they are 0.
  /// The bits behind a tile tell which coordinates are not 0 in `signal` or `error`.
  private var signal = Batch()
  /// σ(F) − σ(f).
  private var error = Batch()
  /// Of the layer at work.
  private var nextSignal = Batch()
  private var nextError = Batch()
  /// A tile.
  private var work = Batch()

  private var shape = Shape(width: 0, vectors: 0)
  private var next = Shape(width: 0, vectors: 0)
  /// Whether an error has arisen yet.
  public private(set) var hasError = false

  /// Without memory; it grows with the largest batch.
  public init() {}

  /// The memory for so many coordinates at most, and vectors of 16 inputs.
  public static func bytes(width: Int, vectors: Int) -> Int {
    let shape = Shape(width: width, vectors: vectors)
    return (4 * shape.tiles * tileStep + tileVectors) * 64
  }

  /// Whether a layer takes less time here than with `MatrixProduct` where half of a batch is 0: tiles
  /// are computed whole.
  public static func pays(rows: Int, columns: Int) -> Bool {
    2 * columns >= side && 4 * rows >= 3 * side * Shape(width: rows, vectors: 1).blocks
  }

  /// How a batch is divided.
  private struct Shape {
    /// The coordinates, and the vectors of 16 inputs.
    var width: Int
    var vectors: Int

    /// The tiles of an input's coordinates, and the groups of 64 inputs.
    var blocks: Int { (width + side - 1) / side }
    var groups: Int { (vectors + sideVectors - 1) / sideVectors }
    var tiles: Int { blocks * groups }

    /// Where a tile begins.
    func tile(_ group: Int, _ block: Int) -> Int { (group &* blocks &+ block) &* tileStep }
    /// Where it begins in a row-major batch.
    func corner(_ group: Int, _ block: Int) -> Int {
      block &* side &* vectors &+ group &* sideVectors
    }
    /// The inputs of a group, and the coordinates of a block.
    func inputs(_ group: Int) -> Int {
      min(sideVectors, vectors &- group &* sideVectors) &* Lanes.width
    }
    func coordinates(_ block: Int) -> Int { min(side, width &- block &* side) }
  }

  private mutating func reserve(_ shape: Shape) {
    nextSignal.reserve(shape.tiles * Self.tileStep)
    nextError.reserve(shape.tiles * Self.tileStep)
    work.reserve(Self.tileVectors)
  }
}

/// From and to row-major batches.
extension RectifiedPair {
  /// Takes batches behind a ReLU.
  ///
  /// - Parameters:
  ///   - signals: σ(F), width × vectors of 16 inputs, row-major; like the other, it may be longer.
  ///   - errors: σ(F) − σ(f).
  ///   - hasError: whether there is an error; if not, `errors` is not read.
  ///   - width: the number of coordinates.
  ///   - vectors: the number of vectors in a row of a batch.
  public mutating func take(
    _ signals: borrowing Batch, error errors: borrowing Batch, hasError: Bool, width: Int,
    vectors: Int
  ) {
    precondition(signals.count >= width * vectors, "the batch is too short")
    precondition(!hasError || errors.count >= width * vectors, "the error is too short")
    next = Shape(width: width, vectors: vectors)
    reserve(next)
    for group in 0..<next.groups {
      for block in 0..<next.blocks {
        let tile = next.tile(group, block)
        let (x, y) = (nextSignal.base + tile, nextError.base + tile)
        Self.turn(signals, next, group, block, into: x)
        if hasError { Self.turn(errors, next, group, block, into: y) }
        Self.mark(x, hasError ? y : x, next.inputs(group))
      }
    }
    self.hasError = false
    finish(isPruned: hasError)
  }

  /// σ(F), row-major.
  public func giveSignal(to rows: inout Batch) { give(signal, to: &rows) }

  /// σ(F) − σ(f), row-major.
  public func giveError(to rows: inout Batch) {
    precondition(hasError, "there is no error")
    give(error, to: &rows)
  }

  private func give(_ tiles: borrowing Batch, to rows: inout Batch) {
    precondition(rows.count >= shape.width * shape.vectors, "the batch is too short")
    for group in 0..<shape.groups {
      for block in 0..<shape.blocks {
        Self.turnBack(tiles.base + shape.tile(group, block), shape, group, block, into: &rows)
      }
    }
  }

  /// A tile of a row-major batch.
  private static func turn(
    _ rows: borrowing Batch, _ shape: Shape, _ group: Int, _ block: Int,
    into tile: UnsafeMutablePointer<Lanes>
  ) {
    let source = UnsafeRawPointer(rows.base + shape.corner(group, block))
    LanesSquare.pack(
      source.assumingMemoryBound(to: Float.self), step: shape.vectors &* Lanes.width,
      height: shape.coordinates(block), width: shape.inputs(group), into: tile)
  }

  private static func turnBack(
    _ tile: UnsafePointer<Lanes>, _ shape: Shape, _ group: Int, _ block: Int,
    into rows: inout Batch
  ) {
    LanesSquare.transpose(
      UnsafeRawPointer(tile).assumingMemoryBound(to: Float.self), step: side,
      height: shape.inputs(group), width: shape.coordinates(block),
      into: rows.base + shape.corner(group, block), step: shape.vectors)
  }

  /// Sets the bits behind a tile of the signal.
  @inline(never)
  private static func mark(
    _ signal: UnsafeMutablePointer<Lanes>, _ error: UnsafePointer<Lanes>, _ inputs: Int
  ) {
    let words = bits(behind: signal)
    for input in 0..<inputs {
      var marks = Marks()
      for vector in 0..<sideVectors {
        let place = input &* sideVectors &+ vector
        marks.add(signal[place], error[place], vector: vector)
      }
      words[input] = marks.word
    }
  }

  /// Which of an input's 64 coordinates are not 0: the bits of the first and of the last two vectors.
  private struct Marks {
    private var low = SIMD16<UInt32>.zero
    private var high = SIMD16<UInt32>.zero

    /// Marks where one of two numbers of a vector is not 0.
    @inline(__always)
    mutating func add(_ x: Lanes, _ y: Lanes, vector: Int) {
      let either =
        unsafeBitCast(x, to: SIMD16<UInt32>.self) | unsafeBitCast(y, to: SIMD16<UInt32>.self)
      let first = SIMD16<UInt32>(
        1, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 8, 1 << 9, 1 << 10, 1 << 11,
        1 << 12, 1 << 13, 1 << 14, 1 << 15)
      let bits = SIMD16<UInt32>.zero.replacing(
        with: vector % 2 == 0 ? first : first &<< 16,
        where: unsafeBitCast(either, to: Lanes.self) .!= 0)
      if vector < 2 { low |= bits } else { high |= bits }
    }

    @inline(__always) var word: UInt64 {
      UInt64(low.wrappedSum()) | UInt64(high.wrappedSum()) &<< 32
    }
  }

  @inline(__always)
  private static func bits(
    behind tile: UnsafeMutablePointer<Lanes>
  ) -> UnsafeMutablePointer<UInt64> {
    UnsafeMutableRawPointer(tile + tileVectors).assumingMemoryBound(to: UInt64.self)
  }
}

/// Through a layer, 64 rows after 64 rows.
extension RectifiedPair {
  /// Begins a layer.
  ///
  /// - Parameter rows: its number of rows.
  public mutating func start(rows: Int) {
    next = Shape(width: rows, vectors: shape.vectors)
    reserve(next)
  }

  /// Rows of F = w σ(F) + p and δ = w (σ(F) − σ(f)) + p, and the ReLU behind them.
  ///
  /// - Parameters:
  ///   - panel: 64 rows of w, finite.
  ///   - first: the first of them.
  ///   - part: p, rows × vectors, row-major; it may be longer than that.
  ///   - isPruned: whether there is a p; if not, `part` is not read.
  /// - Returns: zero, or not a number in the lanes where an entry of F or δ was not finite.
  public mutating func apply(
    _ panel: borrowing WeightPanel, row first: Int, adding part: borrowing Batch, isPruned: Bool
  ) -> Lanes {
    precondition(panel.columns == shape.width, "the panel does not fit the batch")
    precondition(first % Self.side == 0 && first < next.width, "no such row")
    precondition(!isPruned || part.count >= next.width * next.vectors, "the part is too short")
    let row = first / Self.side
    for block in 0..<shape.blocks {
      let columns = panel.base + block &* Self.tileVectors
      for group in 0..<shape.groups {
        let step = step(columns, row, block, group)
        if hasError { step.addBoth() } else { step.addSignal() }
      }
    }
    var poison = Lanes.zero
    for group in 0..<next.groups {
      let turned = work.base
      if isPruned { Self.turn(part, next, group, row, into: turned) }
      let (tile, inputs) = (next.tile(group, row), next.inputs(group))
      let (f, difference) = (nextSignal.base + tile, nextError.base + tile)
      poison += Self.rectify(
        f, difference, adding: turned, inputs, hasError: hasError, isPruned: isPruned)
    }
    return poison
  }

  /// Ends a layer: what it computed takes the place of what it was computed from.
  ///
  /// - Parameter isPruned: whether its rows had a part.
  public mutating func finish(isPruned: Bool) {
    swap(&signal, &nextSignal)
    swap(&error, &nextError)
    shape = next
    hasError = hasError || isPruned
  }

  /// Rows of w (σ(F) − σ(f)), of a layer without a ReLU; it needs no end.
  ///
  /// - Parameters:
  ///   - panel: 64 rows of w, finite.
  ///   - first: the first of them.
  ///   - product: receives the rows, row-major, rows × vectors in all; it may be longer than that.
  public mutating func multiplyError(
    _ panel: borrowing WeightPanel, row first: Int, into product: inout Batch
  ) {
    precondition(panel.columns == shape.width, "the panel does not fit the batch")
    precondition(first % Self.side == 0 && first < next.width, "no such row")
    precondition(product.count >= next.width * next.vectors, "the product is too short")
    precondition(hasError, "there is no error")
    let row = first / Self.side
    for block in 0..<shape.blocks {
      let columns = panel.base + block &* Self.tileVectors
      for group in 0..<shape.groups { step(columns, row, block, group).addError() }
    }
    for group in 0..<next.groups {
      Self.turnBack(nextError.base + next.tile(group, row), next, group, row, into: &product)
    }
  }

  private func step(
    _ columns: UnsafePointer<Lanes>, _ row: Int, _ block: Int, _ group: Int
  ) -> Step {
    let (from, to) = (shape.tile(group, block), next.tile(group, row))
    return Step(
      columns: columns, signal: signal.base + from, error: error.base + from,
      nonzero: Self.bits(behind: signal.base + from), inputs: shape.inputs(group),
      isFirst: block == 0, signals: nextSignal.base + to, errors: nextError.base + to)
  }

  /// A block of the weights times a tile, added to a tile of the product.
  private struct Step {
    let columns: UnsafePointer<Lanes>
    let signal: UnsafePointer<Lanes>
    let error: UnsafePointer<Lanes>
    let nonzero: UnsafePointer<UInt64>
    let inputs: Int
    /// Whether the product is still to be begun.
    let isFirst: Bool
    let signals: UnsafeMutablePointer<Lanes>
    let errors: UnsafeMutablePointer<Lanes>

    @inline(never)
    func addSignal() {
      for input in 0..<inputs { store(sum(input, signal, signals), input, signals) }
    }

    @inline(never)
    func addError() {
      for input in 0..<inputs { store(sum(input, error, errors), input, errors) }
    }

    @inline(never)
    func addBoth() {
      for input in 0..<inputs {
        let (f, difference) = sums(input)
        store(f, input, signals)
        store(difference, input, errors)
      }
    }

    /// An input's coordinates in a tile.
    private typealias Four = (Lanes, Lanes, Lanes, Lanes)

    @inline(__always)
    private func load(_ input: Int, _ tile: UnsafePointer<Lanes>) -> Four {
      let p = tile + input &* sideVectors
      return (p[0], p[1], p[2], p[3])
    }

    @inline(__always)
    private func store(_ four: Four, _ input: Int, _ tile: UnsafeMutablePointer<Lanes>) {
      let p = tile + input &* sideVectors
      (p[0], p[1], p[2], p[3]) = four
    }

    /// An input's entries of the product with one batch.
    @inline(__always)
    private func sum(
      _ input: Int, _ tile: UnsafePointer<Lanes>, _ product: UnsafePointer<Lanes>
    ) -> Four {
      var (a0, a1, a2, a3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
      if !isFirst { (a0, a1, a2, a3) = load(input, product) }
      let x = UnsafeRawPointer(tile + input &* sideVectors).assumingMemoryBound(to: Float.self)
      var bits = nonzero[input]
      while bits != 0 {
        let column = bits.trailingZeroBitCount
        bits &= bits &- 1
        let w = columns + column &* sideVectors
        let s = Lanes(repeating: x[column])
        a0.addProduct(s, w[0])
        a1.addProduct(s, w[1])
        a2.addProduct(s, w[2])
        a3.addProduct(s, w[3])
      }
      return (a0, a1, a2, a3)
    }

    /// An input's entries of the products with both batches.
    @inline(__always)
    private func sums(_ input: Int) -> (Four, Four) {
      var (a0, a1, a2, a3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
      var (b0, b1, b2, b3) = (a0, a0, a0, a0)
      if !isFirst {
        (a0, a1, a2, a3) = load(input, signals)
        (b0, b1, b2, b3) = load(input, errors)
      }
      let place = input &* sideVectors
      let x = UnsafeRawPointer(signal + place).assumingMemoryBound(to: Float.self)
      let y = UnsafeRawPointer(error + place).assumingMemoryBound(to: Float.self)
      var bits = nonzero[input]
      while bits != 0 {
        let column = bits.trailingZeroBitCount
        bits &= bits &- 1
        let w = columns + column &* sideVectors
        let (s, t) = (Lanes(repeating: x[column]), Lanes(repeating: y[column]))
        let (w0, w1, w2, w3) = (w[0], w[1], w[2], w[3])
        a0.addProduct(s, w0)
        b0.addProduct(t, w0)
        a1.addProduct(s, w1)
        b1.addProduct(t, w1)
        a2.addProduct(s, w2)
        b2.addProduct(t, w2)
        a3.addProduct(s, w3)
        b3.addProduct(t, w3)
      }
      return ((a0, a1, a2, a3), (b0, b1, b2, b3))
    }
  }
}

/// The ReLU, a tile at a time, with memory between product and ReLU: in one loop the compiler takes the
/// vectors apart.
extension RectifiedPair {
  /// From F and δ, or what there is of them, to σ(F), σ(F) − σ(f) and their bits.
  ///
  /// - Parameters:
  ///   - signal: F, without the pruned weights' part.
  ///   - error: δ without it; not read if there is no error yet.
  ///   - part: the pruned weights' part of both; not read if nothing is pruned.
  /// - Returns: zero, or not a number in the lanes where an entry was not finite.
  @inline(never)
  private static func rectify(
    _ signal: UnsafeMutablePointer<Lanes>, _ error: UnsafeMutablePointer<Lanes>,
    adding part: UnsafePointer<Lanes>, _ inputs: Int, hasError: Bool, isPruned: Bool
  ) -> Lanes {
    // A loop a case: the compiler does not take the choice out of the loop.
    switch (hasError, isPruned) {
    case (true, true): each(signal, error, part, inputs, hasError: true, isPruned: true)
    case (true, false): each(signal, error, part, inputs, hasError: true, isPruned: false)
    case (false, true): each(signal, error, part, inputs, hasError: false, isPruned: true)
    case (false, false): each(signal, error, part, inputs, hasError: false, isPruned: false)
    }
  }

  @inline(__always)
  private static func each(
    _ signal: UnsafeMutablePointer<Lanes>, _ error: UnsafeMutablePointer<Lanes>,
    _ part: UnsafePointer<Lanes>, _ inputs: Int, hasError: Bool, isPruned: Bool
  ) -> Lanes {
    var poison = Lanes.zero
    let words = bits(behind: signal)
    for input in 0..<inputs {
      var marks = Marks()
      for vector in 0..<sideVectors {
        let place = input &* sideVectors &+ vector
        let both = isPruned ? part[place] : Lanes.zero
        let f = isPruned ? signal[place] + both : signal[place]
        let difference = hasError ? isPruned ? error[place] + both : error[place] : both
        poison.addProduct(f, Lanes.zero)
        poison.addProduct(difference, Lanes.zero)
        let (x, y) = rectified(f, difference)
        signal[place] = x
        if hasError || isPruned { error[place] = y }
        marks.add(x, y, vector: vector)
      }
      words[input] = marks.word
    }
    return poison
  }

  /// σ(x).
  @inline(__always)
  private static func positive(_ x: Lanes) -> Lanes {
    Lanes.zero.replacing(with: x, where: x .> 0)
  }

  /// σ(F) and σ(F) − σ(F − δ): δ itself where both arguments are positive.
  @inline(__always)
  private static func rectified(_ f: Lanes, _ difference: Lanes) -> (Lanes, Lanes) {
    let g = f - difference
    let (x, y) = (positive(f), positive(g))
    return (x, (x - y).replacing(with: difference, where: (f .> 0) .& (g .> 0)))
  }
}
