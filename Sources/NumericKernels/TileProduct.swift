/// A block of a panel's weights times a tile, added to a tile of the product.
///
/// An entry of the product is a chain of fused multiply-adds. Coordinates whose bit is not set are left out.
struct TileProduct {
  /// The block's columns.
  let columns: UnsafePointer<Lanes>
  let signal: UnsafePointer<Lanes>
  let error: UnsafePointer<Lanes>
  /// The bits of the tile.
  let nonzero: UnsafePointer<UInt64>
  /// The number of inputs, a multiple of 16.
  let inputs: Int
  /// Whether the product is still to be begun.
  let isFirst: Bool
  /// The tiles of the product.
  let signals: UnsafeMutablePointer<Lanes>
  let errors: UnsafeMutablePointer<Lanes>

  /// Where hardly a coordinate is 0: four inputs at a time, which share the loads of the weights.
  ///
  /// - Parameter count: the number of the block's columns; no bits are read.
  @inline(never)
  func addSignalDense(_ count: Int) {
    for input in stride(from: 0, to: inputs, by: 4) {
      var (a, b, c, d) = (
        start(input, signals), start(input &+ 1, signals), start(input &+ 2, signals),
        start(input &+ 3, signals)
      )
      let x = Tile.numbers(signal, input)
      for column in 0..<count {
        let weights = TileRow(columns, column)
        a.addProduct(x[column], weights)
        b.addProduct(x[Tile.side &+ column], weights)
        c.addProduct(x[2 &* Tile.side &+ column], weights)
        d.addProduct(x[3 &* Tile.side &+ column], weights)
      }
      a.store(signals, input)
      b.store(signals, input &+ 1)
      c.store(signals, input &+ 2)
      d.store(signals, input &+ 3)
    }
  }

  @inline(never)
  func addSignal() {
    for input in stride(from: 0, to: inputs, by: 2) { addPair(input, signal, signals) }
  }

  @inline(never)
  func addError() {
    for input in stride(from: 0, to: inputs, by: 2) { addPair(input, error, errors) }
  }

  /// The products with both, which share the loads of the weights.
  @inline(never)
  func addBoth() {
    for input in 0..<inputs {
      var f = start(input, signals)
      var difference = start(input, errors)
      let (x, y) = (Tile.numbers(signal, input), Tile.numbers(error, input))
      var bits = nonzero[input]
      while bits != 0 {
        let column = Self.next(&bits)
        let weights = TileRow(columns, column)
        f.addProduct(x[column], weights)
        difference.addProduct(y[column], weights)
      }
      f.store(signals, input)
      difference.store(errors, input)
    }
  }

  /// Two inputs: first the columns whose bits are set in both, which share the loads of the weights, for
  /// these are the bottleneck; then the others.
  @inline(__always)
  private func addPair(
    _ input: Int, _ tile: UnsafePointer<Lanes>, _ product: UnsafeMutablePointer<Lanes>
  ) {
    var (a, b) = (start(input, product), start(input &+ 1, product))
    let (x, y) = (Tile.numbers(tile, input), Tile.numbers(tile, input &+ 1))
    let (first, second) = (nonzero[input], nonzero[input &+ 1])
    var bits = first & second
    while bits != 0 {
      let column = Self.next(&bits)
      let weights = TileRow(columns, column)
      a.addProduct(x[column], weights)
      b.addProduct(y[column], weights)
    }
    bits = first & ~second
    while bits != 0 {
      let column = Self.next(&bits)
      a.addProduct(Self.integer(x, column), TileRow(columns, column))
    }
    bits = second & ~first
    while bits != 0 {
      let column = Self.next(&bits)
      b.addProduct(Self.integer(y, column), TileRow(columns, column))
    }
    a.store(product, input)
    b.store(product, input &+ 1)
  }

  /// The place of the lowest bit, which is taken away.
  @inline(__always)
  private static func next(_ bits: inout UInt64) -> Int {
    let place = bits.trailingZeroBitCount
    bits &= bits &- 1
    return place
  }

  /// A number by way of an integer, out of a pair of numbers: its load is then none of a vector.
  @inline(__always)
  private static func integer(_ numbers: UnsafePointer<Float>, _ index: Int) -> Float {
    let pairs = UnsafeRawPointer(numbers).assumingMemoryBound(to: UInt64.self)
    let pair = pairs[index &>> 1] &>> UInt64(truncatingIfNeeded: (index & 1) &<< 5)
    return Float(bitPattern: UInt32(truncatingIfNeeded: pair))
  }

  @inline(__always)
  private func start(_ input: Int, _ product: UnsafePointer<Lanes>) -> TileRow {
    isFirst ? TileRow() : TileRow(product, input)
  }
}
