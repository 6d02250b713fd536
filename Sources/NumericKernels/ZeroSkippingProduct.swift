/// Products of a weight matrix with batches of which many entries are 0, as they are behind ReLU.
///
/// Whether an entry is 0 differs from input to input, so inputs are taken one by one, their
/// coordinates side by side in memory, and 64 rows of the weights at once: a nonzero coordinate
/// costs four vector multiply-adds, a zero nothing. A batch and the error beside it are mostly 0 at
/// the same places and share the loads of the weights.
///
/// An entry is the same chain of fused multiply-adds as in `MatrixProduct`, without the links that
/// add 0·w, so that it has the same bits (but for the sign of a zero) where the weights are finite.
public struct ZeroSkippingProduct: ~Copyable, Sendable {
  /// The rows of a panel of weights, the columns of a block of it, and the inputs of a group. A
  /// block's 16 KiB stay in the first cache while a group passes by.
  private static let side = 64
  private static let sideVectors = side / Lanes.width
  private static let squareVectors = side * sideVectors

  /// A block of weights column by column; then for each batch a panel of its product and a group of
  /// its inputs, input by input, the inputs padded with zeros to whole blocks.
  private var work = Batch()
  /// Which coordinates of an input are not 0 in a batch: a bit a coordinate, a word an input, the inputs of
  /// a group side by side, block by block.
  private var nonzero: [UInt64] = []

  /// Without memory; it grows with the largest product.
  public init() {}

  /// The memory for matrices of so many columns.
  public static func bytes(columns: Int) -> Int {
    let blocks = blocks(columns)
    return workVectors(blocks) * 64 + side * blocks * 8
  }

  private static func workVectors(_ blocks: Int) -> Int { (3 + 2 * blocks) * squareVectors }

  private static func blocks(_ count: Int) -> Int { (count + side - 1) / side }

  /// Whether the product takes less time than `MatrixProduct` where half of a batch is 0: panels are
  /// computed whole.
  public static func pays(rows: Int, columns: Int) -> Bool {
    2 * columns >= side && 4 * rows >= 3 * side * blocks(rows)
  }

  /// product = weights · batch.
  ///
  /// - Parameters:
  ///   - weights: rows × columns, row-major, finite; like the others, it may be longer than that.
  ///   - rows: the number of rows.
  ///   - columns: the number of columns.
  ///   - batch: columns × vectors of 16 inputs, row-major.
  ///   - vectors: the number of vectors in a row of the batch.
  ///   - product: rows × vectors, row-major; overwritten.
  public mutating func multiply(
    weights: [Float], rows: Int, columns: Int, batch: borrowing Batch, vectors: Int,
    into product: inout Batch
  ) {
    let shape = Shape(rows: rows, columns: columns, vectors: vectors)
    product.withUnsafeMutableBufferPointer { product in
      batch.withUnsafeBufferPointer { batch in
        multiply(weights, shape, Operand(batch, product), nil)
      }
    }
  }

  /// The products of the same weights with two batches that are mostly 0 at the same places.
  ///
  /// - Parameters:
  ///   - weights: rows × columns, row-major, finite; like the others, it may be longer than that.
  ///   - rows: the number of rows.
  ///   - columns: the number of columns.
  ///   - a: columns × vectors of 16 inputs, row-major.
  ///   - b: the other batch.
  ///   - vectors: the number of vectors in a row of a batch.
  ///   - first: rows × vectors, row-major, the product with `a`; overwritten.
  ///   - second: the product with `b`.
  public mutating func multiply(
    weights: [Float], rows: Int, columns: Int, batches a: borrowing Batch, _ b: borrowing Batch,
    vectors: Int, into first: inout Batch, _ second: inout Batch
  ) {
    let shape = Shape(rows: rows, columns: columns, vectors: vectors)
    first.withUnsafeMutableBufferPointer { first in
      second.withUnsafeMutableBufferPointer { second in
        a.withUnsafeBufferPointer { x in
          b.withUnsafeBufferPointer { y in
            multiply(weights, shape, Operand(x, first), Operand(y, second))
          }
        }
      }
    }
  }

  private struct Shape {
    var rows: Int
    var columns: Int
    var vectors: Int
    var blocks: Int { ZeroSkippingProduct.blocks(columns) }
  }

  /// A batch and where its product goes.
  private struct Operand {
    var batch: UnsafeBufferPointer<Lanes>
    var product: UnsafeMutableBufferPointer<Lanes>

    init(_ batch: UnsafeBufferPointer<Lanes>, _ product: UnsafeMutableBufferPointer<Lanes>) {
      (self.batch, self.product) = (batch, product)
    }

    func check(_ shape: Shape) {
      precondition(batch.count >= shape.columns * shape.vectors, "the batch is too short")
      precondition(product.count >= shape.rows * shape.vectors, "the product is too short")
    }
  }

  private mutating func multiply(
    _ weights: [Float], _ shape: Shape, _ first: Operand, _ second: Operand?
  ) {
    precondition(weights.count >= shape.rows * shape.columns, "weights are not rows × columns")
    first.check(shape)
    second?.check(shape)
    let blocks = shape.blocks
    work.reserve(Self.workVectors(blocks))
    nonzero.resize(to: max(nonzero.count, Self.side * blocks), filledWith: 0)
    weights.withUnsafeBufferPointer { weights in
      work.withUnsafeMutableBufferPointer { work in
        nonzero.withUnsafeMutableBufferPointer { nonzero in
          guard let w = weights.baseAddress, let memory = work.baseAddress,
            let mask = nonzero.baseAddress
          else { return }
          for vector in stride(from: 0, to: shape.vectors, by: Self.sideVectors) {
            Self.group(w, shape, vector, first, second, memory, mask)
          }
        }
      }
    }
  }

  /// The products with the inputs of a group, whose first vector is given.
  private static func group(
    _ weights: UnsafePointer<Float>, _ shape: Shape, _ vector: Int, _ first: Operand,
    _ second: Operand?, _ memory: UnsafeMutablePointer<Lanes>,
    _ nonzero: UnsafeMutablePointer<UInt64>
  ) {
    let group = Group(
      vector: vector, count: min(sideVectors, shape.vectors - vector), blocks: shape.blocks)
    let block = memory
    let (panelA, panelB) = (block + squareVectors, block + 2 * squareVectors)
    let inputsA = block + 3 * squareVectors
    let inputsB = inputsA + squareVectors * shape.blocks
    nonzero.update(repeating: 0, count: side * shape.blocks)
    take(first, shape, group, into: inputsA, nonzero)
    if let second { take(second, shape, group, into: inputsB, nonzero) }
    for row in stride(from: 0, to: shape.rows, by: side) {
      for index in 0..<shape.blocks {
        pack(weights, shape, row, index, into: block)
        if second == nil {
          add(block, inputsA, nonzero, group, index, to: panelA)
        } else {
          add(block, inputsA, inputsB, nonzero, group, index, to: panelA, panelB)
        }
      }
      give(panelA, group, shape, row, to: first)
      if let second { give(panelB, group, shape, row, to: second) }
    }
  }

  private struct Group {
    /// The first vector of the batch, and how many there are.
    var vector: Int
    var count: Int
    /// The blocks of an input.
    var blocks: Int
  }

  /// Turns a group of the batch and marks what is not 0, in addition to what is marked.
  @inline(never)
  private static func take(
    _ operand: Operand, _ shape: Shape, _ group: Group, into inputs: UnsafeMutablePointer<Lanes>,
    _ nonzero: UnsafeMutablePointer<UInt64>
  ) {
    let step = group.blocks &* sideVectors
    for vector in 0..<group.count {
      let target = inputs + vector &* Lanes.width &* step
      for block in 0..<group.blocks {
        // The marks of the block's four parts, sixteen bits each, a lane an input.
        var marks = (SIMD16<UInt32>.zero, SIMD16<UInt32>.zero)
        for part in 0..<sideVectors {
          let start = block &* side &+ part &* Lanes.width
          let source =
            operand.batch.baseAddress! + (start &* shape.vectors &+ group.vector &+ vector)
          let columns = min(Lanes.width, shape.columns &- start)
          var square = LanesSquare { $0 < columns ? source[$0 &* shape.vectors] : .zero }
          let bits = square.nonzeroBits &<< UInt32(truncatingIfNeeded: part % 2 &* 16)
          if part < 2 { marks.0 |= bits } else { marks.1 |= bits }
          square.transpose()
          square.forEachRow { lane, coordinates in
            target[lane &* step &+ block &* sideVectors &+ part] = coordinates
          }
        }
        let first = nonzero + (block &* side &+ vector &* Lanes.width)
        for lane in 0..<Lanes.width {
          first[lane] |= UInt64(marks.0[lane]) | UInt64(marks.1[lane]) &<< 32
        }
      }
    }
  }

  /// Turns a block of the weights; rows beyond the last are 0.
  @inline(never)
  private static func pack(
    _ weights: UnsafePointer<Float>, _ shape: Shape, _ firstRow: Int, _ index: Int,
    into block: UnsafeMutablePointer<Lanes>
  ) {
    let columns = min(side, shape.columns &- index &* side)
    // Rows outside: of a large matrix, each lies on a page of its own.
    for part in 0..<sideVectors {
      for start in stride(from: 0, to: columns, by: Lanes.width) {
        let width = min(Lanes.width, columns &- start)
        var square = LanesSquare { lane in
          let row = firstRow &+ part &* Lanes.width &+ lane
          guard row < shape.rows else { return .zero }
          let source = weights + (row &* shape.columns &+ index &* side &+ start)
          if width == Lanes.width {
            return UnsafeRawPointer(source).loadUnaligned(as: Lanes.self)
          }
          var row16 = Lanes.zero
          for column in 0..<width { row16[column] = source[column] }
          return row16
        }
        square.transpose()
        square.forEachRow { column, rows in block[(start &+ column) &* sideVectors &+ part] = rows }
      }
    }
  }

  /// Adds a block's share to the panel of one batch.
  @inline(never)
  private static func add(
    _ block: UnsafePointer<Lanes>, _ inputs: UnsafePointer<Lanes>,
    _ nonzero: UnsafePointer<UInt64>, _ group: Group, _ index: Int,
    to panel: UnsafeMutablePointer<Lanes>
  ) {
    let step = group.blocks &* side
    var x = UnsafeRawPointer(inputs).assumingMemoryBound(to: Float.self) + index &* side
    var p = panel
    for input in 0..<group.count &* Lanes.width {
      var bits = nonzero[index &* side &+ input]
      var (a0, a1, a2, a3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
      if index > 0 { (a0, a1, a2, a3) = (p[0], p[1], p[2], p[3]) }
      while bits != 0 {
        let column = bits.trailingZeroBitCount
        bits &= bits &- 1
        let w = block + column &* sideVectors
        let s = Lanes(repeating: x[column])
        a0.addProduct(s, w[0])
        a1.addProduct(s, w[1])
        a2.addProduct(s, w[2])
        a3.addProduct(s, w[3])
      }
      (p[0], p[1], p[2], p[3]) = (a0, a1, a2, a3)
      x += step
      p += sideVectors
    }
  }

  /// Adds a block's share to the panels of two batches.
  @inline(never)
  private static func add(
    _ block: UnsafePointer<Lanes>, _ first: UnsafePointer<Lanes>, _ second: UnsafePointer<Lanes>,
    _ nonzero: UnsafePointer<UInt64>, _ group: Group, _ index: Int,
    to panelA: UnsafeMutablePointer<Lanes>, _ panelB: UnsafeMutablePointer<Lanes>
  ) {
    let step = group.blocks &* side
    var x = UnsafeRawPointer(first).assumingMemoryBound(to: Float.self) + index &* side
    var y = UnsafeRawPointer(second).assumingMemoryBound(to: Float.self) + index &* side
    var (p, q) = (panelA, panelB)
    for input in 0..<group.count &* Lanes.width {
      var bits = nonzero[index &* side &+ input]
      var (a0, a1, a2, a3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
      var (b0, b1, b2, b3) = (a0, a0, a0, a0)
      if index > 0 {
        (a0, a1, a2, a3) = (p[0], p[1], p[2], p[3])
        (b0, b1, b2, b3) = (q[0], q[1], q[2], q[3])
      }
      while bits != 0 {
        let column = bits.trailingZeroBitCount
        bits &= bits &- 1
        let w = block + column &* sideVectors
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
      (p[0], p[1], p[2], p[3]) = (a0, a1, a2, a3)
      (q[0], q[1], q[2], q[3]) = (b0, b1, b2, b3)
      x += step
      y += step
      p += sideVectors
      q += sideVectors
    }
  }

  /// Turns a panel back into rows of the product.
  @inline(never)
  private static func give(
    _ panel: UnsafePointer<Lanes>, _ group: Group, _ shape: Shape, _ firstRow: Int,
    to operand: Operand
  ) {
    let rows = min(side, shape.rows &- firstRow)
    for vector in 0..<group.count {
      for part in 0..<(rows + Lanes.width - 1) / Lanes.width {
        var square = LanesSquare { panel[(vector &* Lanes.width &+ $0) &* sideVectors &+ part] }
        square.transpose()
        let row = part &* Lanes.width
        square.forEachRow { lane, inputs in
          if row &+ lane < rows {
            let place = (firstRow &+ row &+ lane) &* shape.vectors &+ group.vector &+ vector
            operand.product[place] = inputs
          }
        }
      }
    }
  }
}
