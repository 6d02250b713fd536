/// 64 inputs × 64 coordinates of a batch, an input's coordinates side by side, and behind them for each input
/// a word of bits: which of its coordinates are not 0.
enum Tile {
  /// A block of a panel is as large, 64 columns × 64 rows: its 16 KiB stay in the first cache while a tile
  /// passes by.
  static let side = WeightPanel.height
  /// The vectors of an input's coordinates.
  static let rowVectors = WeightPanel.columnVectors
  /// Those of all inputs.
  static let vectors = side * rowVectors
  /// Where the next tile begins, behind the bits of this one.
  static let step = vectors + side / 8

  /// The words of bits of a tile.
  @inline(__always)
  static func bits(behind tile: UnsafeMutablePointer<Lanes>) -> UnsafeMutablePointer<UInt64> {
    UnsafeMutableRawPointer(tile + vectors).assumingMemoryBound(to: UInt64.self)
  }

  /// An input's coordinates one by one.
  @inline(__always)
  static func numbers(_ tile: UnsafePointer<Lanes>, _ input: Int) -> UnsafePointer<Float> {
    UnsafeRawPointer(tile + input &* rowVectors).assumingMemoryBound(to: Float.self)
  }
}

/// An input's coordinates in a tile, or a column of a panel's block.
struct TileRow {
  private var v0 = Lanes.zero
  private var v1 = Lanes.zero
  private var v2 = Lanes.zero
  private var v3 = Lanes.zero

  /// Zeros.
  @inline(__always)
  init() {}

  @inline(__always)
  init(_ tile: UnsafePointer<Lanes>, _ index: Int) {
    let p = tile + index &* Tile.rowVectors
    (v0, v1, v2, v3) = (p[0], p[1], p[2], p[3])
  }

  @inline(__always)
  func store(_ tile: UnsafeMutablePointer<Lanes>, _ index: Int) {
    let p = tile + index &* Tile.rowVectors
    (p[0], p[1], p[2], p[3]) = (v0, v1, v2, v3)
  }

  @inline(__always)
  mutating func addProduct(_ x: Float, _ row: TileRow) {
    let s = Lanes(repeating: x)
    v0.addProduct(s, row.v0)
    v1.addProduct(s, row.v1)
    v2.addProduct(s, row.v2)
    v3.addProduct(s, row.v3)
  }
}
