/// A batch and the error beside it, on their way through fully connected layers that each end in a ReLU, the
/// last perhaps in none: σ(F) and σ(F) − σ(f).
///
/// Behind a ReLU about half of the entries are 0, at places that differ from input to input. Inputs are
/// therefore held one by one, the coordinates of one side by side, with a bit for each that tells whether it
/// is 0 in both batches, and a product takes 64 rows of the weights at once: a coordinate that is not 0
/// costs four vector multiply-adds for each batch, which share the loads of the weights; a zero costs
/// nothing. The inputs of a network are held so too, from the beginning.
///
/// An entry of a product is a chain of fused multiply-adds as in `MatrixProduct`, without the links that add
/// 0·w; in the order of the columns where both batches are multiplied, or all coordinates of one; else
/// two inputs are worked on together, and of each 64 columns those come first where neither is 0.
public struct RectifiedPair: ~Copyable, Sendable {
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
  /// Whether these are the inputs of a network, of which hardly a coordinate is 0; they have no bits.
  private var isDense = false

  /// Without memory; it grows with the largest batch.
  public init() {}

  /// The memory for so many coordinates at most, and vectors of 16 inputs.
  public static func bytes(width: Int, vectors: Int) -> Int {
    let shape = Shape(width: width, vectors: vectors)
    return (4 * shape.tiles * Tile.step + Tile.vectors) * 64
  }

  /// Whether a layer takes less time here than with `MatrixProduct` where half of a batch is 0: tiles
  /// are computed whole.
  public static func pays(rows: Int, columns: Int) -> Bool {
    2 * columns >= Tile.side && 4 * rows >= 3 * Tile.side * Shape(width: rows, vectors: 1).blocks
  }

  /// How a batch is divided.
  private struct Shape {
    /// The coordinates, and the vectors of 16 inputs.
    var width: Int
    var vectors: Int

    /// The tiles of an input's coordinates, and the groups of 64 inputs.
    var blocks: Int { (width + Tile.side - 1) / Tile.side }
    var groups: Int { (vectors + Tile.rowVectors - 1) / Tile.rowVectors }
    var tiles: Int { blocks * groups }

    /// Where a tile begins.
    func tile(_ group: Int, _ block: Int) -> Int { (group &* blocks &+ block) &* Tile.step }
    /// Where it begins in a row-major batch.
    func corner(_ group: Int, _ block: Int) -> Int {
      block &* Tile.side &* vectors &+ group &* Tile.rowVectors
    }
    /// The inputs of a group, and the coordinates of a block.
    func inputs(_ group: Int) -> Int {
      min(Tile.rowVectors, vectors &- group &* Tile.rowVectors) &* Lanes.width
    }
    func coordinates(_ block: Int) -> Int { min(Tile.side, width &- block &* Tile.side) }
  }

  private mutating func reserve(_ shape: Shape) {
    nextSignal.reserve(shape.tiles * Tile.step)
    nextError.reserve(shape.tiles * Tile.step)
    work.reserve(Tile.vectors)
  }
}

/// From points, and from and to row-major batches.
extension RectifiedPair {
  /// Takes the inputs of a network.
  ///
  /// - Parameters:
  ///   - points: count × width, row-major.
  ///   - width: the points' dimension.
  public mutating func take(points: [Float], width: Int) {
    let count = points.count / width
    precondition(points.count == count * width, "the points are not count × \(width)")
    next = Shape(width: width, vectors: Lanes.vectors(holding: count))
    reserve(next)
    points.withUnsafeBufferPointer { points in
      for group in 0..<next.groups {
        for block in 0..<next.blocks {
          let (tile, coordinates) = (
            nextSignal.base + next.tile(group, block), next.coordinates(block)
          )
          for input in 0..<next.inputs(group) {
            let point = group &* Tile.side &+ input
            let row = tile + input &* Tile.rowVectors
            let numbers = points.baseAddress! + (point &* width &+ block &* Tile.side)
            if point < count && coordinates == Tile.side {
              for vector in 0..<Tile.rowVectors {
                row[vector] = UnsafeRawPointer(numbers + vector &* Lanes.width)
                  .loadUnaligned(as: Lanes.self)
              }
            } else {
              for vector in 0..<Tile.rowVectors { row[vector] = .zero }
              guard point < count else { continue }
              for coordinate in 0..<coordinates {
                row[coordinate / Lanes.width][coordinate % Lanes.width] = numbers[coordinate]
              }
            }
          }
        }
      }
    }
    finish(isPruned: false)
    (hasError, isDense) = (false, true)
  }

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

  /// The Euclidean norm of each input's error, summed in double precision.
  ///
  /// - Parameter norms: receives those of the first `norms.count` inputs; at most 16 × vectors.
  public func errorNorms(into norms: inout [Double]) {
    precondition(norms.count <= shape.vectors * Lanes.width, "more norms than inputs")
    for index in norms.indices {
      guard hasError else {
        norms[index] = 0
        continue
      }
      let (group, input) = (index / Tile.side, index % Tile.side)
      var sum = SquareSum()
      for block in 0..<shape.blocks {
        let row = error.base + (shape.tile(group, block) + input * Tile.rowVectors)
        for vector in 0..<Tile.rowVectors { sum.add(row[vector]) }
      }
      norms[index] = sum.total.squareRoot()
    }
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
      UnsafeRawPointer(tile).assumingMemoryBound(to: Float.self), step: Tile.side,
      height: shape.inputs(group), width: shape.coordinates(block),
      into: rows.base + shape.corner(group, block), step: shape.vectors)
  }

  /// Sets the bits behind a tile of the signal.
  @inline(never)
  private static func mark(
    _ signal: UnsafeMutablePointer<Lanes>, _ error: UnsafePointer<Lanes>, _ inputs: Int
  ) {
    let words = Tile.bits(behind: signal)
    for input in 0..<inputs {
      var marks = Marks()
      for vector in 0..<Tile.rowVectors {
        let place = input &* Tile.rowVectors &+ vector
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
    let row = check(panel, first, part, isPruned)
    forEachProduct(panel, row) { product, columns in
      if hasError {
        product.addBoth()
      } else if isDense {
        product.addSignalDense(columns)
      } else {
        product.addSignal()
      }
    }
    var poison = Lanes.zero
    for group in 0..<next.groups {
      if isPruned { Self.turn(part, next, group, row, into: work.base) }
      let (tile, inputs) = (next.tile(group, row), next.inputs(group))
      poison += Self.rectify(
        nextSignal.base + tile, nextError.base + tile, adding: work.base, inputs,
        hasError: hasError, isPruned: isPruned)
    }
    return poison
  }

  /// Rows of δ = w (σ(F) − σ(f)) + p of a layer without a ReLU; F is not computed.
  ///
  /// - Parameters:
  ///   - panel: 64 rows of w, finite.
  ///   - first: the first of them.
  ///   - part: p, rows × vectors, row-major; it may be longer than that.
  ///   - isPruned: whether there is a p; if not, `part` is not read.
  public mutating func applyLast(
    _ panel: borrowing WeightPanel, row first: Int, adding part: borrowing Batch, isPruned: Bool
  ) {
    let row = check(panel, first, part, isPruned)
    if hasError { forEachProduct(panel, row) { product, _ in product.addError() } }
    guard isPruned else { return }
    for group in 0..<next.groups {
      let (sum, added) = (nextError.base + next.tile(group, row), work.base)
      Self.turn(part, next, group, row, into: hasError ? added : sum)
      guard hasError else { continue }
      for index in 0..<next.inputs(group) * Tile.rowVectors { sum[index] += added[index] }
    }
  }

  /// Ends a layer: what it computed takes the place of what it was computed from.
  ///
  /// - Parameter isPruned: whether its rows had a part.
  public mutating func finish(isPruned: Bool) {
    swap(&signal, &nextSignal)
    swap(&error, &nextError)
    shape = next
    hasError = hasError || isPruned
    isDense = false
  }

  /// The block that rows make, if all fits together.
  private func check(
    _ panel: borrowing WeightPanel, _ first: Int, _ part: borrowing Batch, _ isPruned: Bool
  ) -> Int {
    precondition(panel.columns == shape.width, "the panel does not fit the batch")
    precondition(first % Tile.side == 0 && first < next.width, "no such row")
    precondition(!isPruned || part.count >= next.width * next.vectors, "the part is too short")
    return first / Tile.side
  }

  /// The products whose sum is a block of rows.
  @inline(__always)
  private func forEachProduct(
    _ panel: borrowing WeightPanel, _ row: Int, _ body: (TileProduct, _ columns: Int) -> Void
  ) {
    for block in 0..<shape.blocks {
      for group in 0..<shape.groups {
        let (from, to) = (shape.tile(group, block), next.tile(group, row))
        let product = TileProduct(
          columns: panel.base + block &* Tile.vectors, signal: signal.base + from,
          error: error.base + from, nonzero: Tile.bits(behind: signal.base + from),
          inputs: shape.inputs(group), isFirst: block == 0, signals: nextSignal.base + to,
          errors: nextError.base + to)
        body(product, shape.coordinates(block))
      }
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
    case (false, false): signalOnly(signal, inputs)
    }
  }

  @inline(__always)
  private static func signalOnly(_ signal: UnsafeMutablePointer<Lanes>, _ inputs: Int) -> Lanes {
    var poison = Lanes.zero
    let words = Tile.bits(behind: signal)
    for input in 0..<inputs {
      var marks = Marks()
      for vector in 0..<Tile.rowVectors {
        let place = input &* Tile.rowVectors &+ vector
        let f = signal[place]
        poison.addProduct(f, Lanes.zero)
        let x = positive(f)
        signal[place] = x
        marks.add(x, x, vector: vector)
      }
      words[input] = marks.word
    }
    return poison
  }

  @inline(__always)
  private static func each(
    _ signal: UnsafeMutablePointer<Lanes>, _ error: UnsafeMutablePointer<Lanes>,
    _ part: UnsafePointer<Lanes>, _ inputs: Int, hasError: Bool, isPruned: Bool
  ) -> Lanes {
    // Two, because each sum waits for the one before.
    var (poison, errorPoison) = (Lanes.zero, Lanes.zero)
    let words = Tile.bits(behind: signal)
    for input in 0..<inputs {
      var marks = Marks()
      for vector in 0..<Tile.rowVectors {
        let place = input &* Tile.rowVectors &+ vector
        let both = isPruned ? part[place] : Lanes.zero
        let f = isPruned ? signal[place] + both : signal[place]
        let difference = hasError ? isPruned ? error[place] + both : error[place] : both
        poison.addProduct(f, Lanes.zero)
        errorPoison.addProduct(difference, Lanes.zero)
        let (x, y) = rectified(f, difference)
        signal[place] = x
        error[place] = y
        marks.add(x, y, vector: vector)
      }
      words[input] = marks.word
    }
    return poison + errorPoison
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
