/// The product of a tall weight matrix, or of its transpose, with a batch of column vectors.
///
/// Entry (i, n) of the product is the chain of fused multiply-adds over the summation index in
/// increasing order, started at 0. Tiles only change which entries are worked on together, never a
/// result, so every implementation, fast or naive, gives the same bits.
public enum MatrixProduct {
  /// Rows of a register tile. Eight rows of two vectors are sixteen accumulators: enough to hide the
  /// latency of the multiply-add, few enough to stay in registers.
  static let tileRows = 8

  /// product = weights · batch.
  ///
  /// - Parameters:
  ///   - weights: rows × columns, row-major; like the others, it may be longer than that.
  ///   - rows: the number of rows.
  ///   - columns: the number of columns.
  ///   - batch: columns × vectors of 16 inputs, row-major.
  ///   - vectors: the number of vectors in a row of the batch.
  ///   - product: rows × vectors, row-major; overwritten.
  public static func multiply(
    weights: [Float], rows: Int, columns: Int, batch: borrowing Batch, vectors: Int,
    into product: inout Batch
  ) {
    precondition(weights.count >= rows * columns, "weights are not rows × columns")
    multiply(
      weights,
      Shape(
        rows: rows, terms: columns, rowStep: columns, termStep: 1, vectors: vectors,
        batchStep: vectors, productStep: vectors),
      batch, into: &product)
  }

  /// product = weightsᵀ · batch.
  ///
  /// - Parameters:
  ///   - weights: rows × columns, row-major; like the others, it may be longer than that.
  ///   - rows: the number of rows.
  ///   - columns: the number of columns.
  ///   - batch: rows × vectors of 16 inputs, row-major.
  ///   - vectors: the number of vectors in a row of the batch.
  ///   - product: columns × vectors, row-major; overwritten.
  public static func multiplyTransposed(
    weights: [Float], rows: Int, columns: Int, batch: borrowing Batch, vectors: Int,
    into product: inout Batch
  ) {
    precondition(weights.count >= rows * columns, "weights are not rows × columns")
    multiply(
      weights,
      Shape(
        rows: columns, terms: rows, rowStep: 1, termStep: columns, vectors: vectors,
        batchStep: vectors, productStep: vectors),
      batch, into: &product)
  }

  /// The product's rows, the terms of each entry, and how far apart their weights lie.
  struct Shape {
    var rows: Int
    var terms: Int
    var rowStep: Int
    var termStep: Int
    var vectors: Int
    /// How far apart the rows of the batch and of the product lie.
    var batchStep: Int
    var productStep: Int
  }

  private static func multiply(
    _ weights: [Float], _ shape: Shape, _ batch: borrowing Batch, into product: inout Batch
  ) {
    precondition(batch.count >= shape.terms * shape.vectors, "the batch is too short")
    precondition(product.count >= shape.rows * shape.vectors, "the product is too short")
    weights.withUnsafeBufferPointer { weights in
      batch.withUnsafeBufferPointer { batch in
        product.withUnsafeMutableBufferPointer { product in
          guard let w = weights.baseAddress, let b = batch.baseAddress,
            let p = product.baseAddress
          else { return }
          multiply(w, shape, b, into: p)
        }
      }
    }
  }

  /// The product of weights, batch and product of the given shape.
  static func multiply(
    _ w: UnsafePointer<Float>, _ shape: Shape, _ b: UnsafePointer<Lanes>,
    into p: UnsafeMutablePointer<Lanes>
  ) {
    guard shape.rows >= tileRows else {
      for row in 0..<shape.rows {
        oneRow(w + row * shape.rowStep, b, p + row * shape.productStep, shape)
      }
      return
    }
    var row = 0
    while row < shape.rows {
      // Where rows are left over, the last tile ends with the last row and computes some again.
      row = min(row, shape.rows - tileRows)
      eightRows(w + row * shape.rowStep, b, p + row * shape.productStep, shape)
      row += tileRows
    }
  }

  /// Eight rows of the product, two vectors of inputs at a time.
  @inline(__always)
  private static func eightRows(
    _ w: UnsafePointer<Float>, _ batch: UnsafePointer<Lanes>,
    _ product: UnsafeMutablePointer<Lanes>, _ shape: Shape
  ) {
    var vector = 0
    while vector + 2 <= shape.vectors {
      tile8x2(w, batch + vector, product + vector, shape)
      vector += 2
    }
    if vector < shape.vectors { tile8x1(w, batch + vector, product + vector, shape) }
  }

  @inline(never)
  private static func tile8x2(
    _ w: UnsafePointer<Float>, _ batch: UnsafePointer<Lanes>,
    _ product: UnsafeMutablePointer<Lanes>, _ shape: Shape
  ) {
    let (n, v) = (shape.rowStep, shape.productStep)
    var (a0, a1, a2, a3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    var (a4, a5, a6, a7) = (a0, a0, a0, a0)
    var (b0, b1, b2, b3) = (a0, a0, a0, a0)
    var (b4, b5, b6, b7) = (a0, a0, a0, a0)
    var x = batch
    var w0 = w
    var w4 = w + 4 * n
    for _ in 0..<shape.terms {
      let (x0, x1) = (x[0], x[1])
      let s0 = Lanes(repeating: w0[0])
      a0.addProduct(s0, x0)
      b0.addProduct(s0, x1)
      let s1 = Lanes(repeating: w0[n])
      a1.addProduct(s1, x0)
      b1.addProduct(s1, x1)
      let s2 = Lanes(repeating: w0[2 &* n])
      a2.addProduct(s2, x0)
      b2.addProduct(s2, x1)
      let s3 = Lanes(repeating: w0[3 &* n])
      a3.addProduct(s3, x0)
      b3.addProduct(s3, x1)
      let s4 = Lanes(repeating: w4[0])
      a4.addProduct(s4, x0)
      b4.addProduct(s4, x1)
      let s5 = Lanes(repeating: w4[n])
      a5.addProduct(s5, x0)
      b5.addProduct(s5, x1)
      let s6 = Lanes(repeating: w4[2 &* n])
      a6.addProduct(s6, x0)
      b6.addProduct(s6, x1)
      let s7 = Lanes(repeating: w4[3 &* n])
      a7.addProduct(s7, x0)
      b7.addProduct(s7, x1)
      x += shape.batchStep
      w0 += shape.termStep
      w4 += shape.termStep
    }
    (product[0 * v], product[0 * v + 1]) = (a0, b0)
    (product[1 * v], product[1 * v + 1]) = (a1, b1)
    (product[2 * v], product[2 * v + 1]) = (a2, b2)
    (product[3 * v], product[3 * v + 1]) = (a3, b3)
    (product[4 * v], product[4 * v + 1]) = (a4, b4)
    (product[5 * v], product[5 * v + 1]) = (a5, b5)
    (product[6 * v], product[6 * v + 1]) = (a6, b6)
    (product[7 * v], product[7 * v + 1]) = (a7, b7)
  }

  @inline(never)
  private static func tile8x1(
    _ w: UnsafePointer<Float>, _ batch: UnsafePointer<Lanes>,
    _ product: UnsafeMutablePointer<Lanes>, _ shape: Shape
  ) {
    let (n, v) = (shape.rowStep, shape.productStep)
    var (a0, a1, a2, a3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    var (a4, a5, a6, a7) = (a0, a0, a0, a0)
    var x = batch
    var w0 = w
    var w4 = w + 4 * n
    for _ in 0..<shape.terms {
      a0.addProduct(Lanes(repeating: w0[0]), x[0])
      a1.addProduct(Lanes(repeating: w0[n]), x[0])
      a2.addProduct(Lanes(repeating: w0[2 &* n]), x[0])
      a3.addProduct(Lanes(repeating: w0[3 &* n]), x[0])
      a4.addProduct(Lanes(repeating: w4[0]), x[0])
      a5.addProduct(Lanes(repeating: w4[n]), x[0])
      a6.addProduct(Lanes(repeating: w4[2 &* n]), x[0])
      a7.addProduct(Lanes(repeating: w4[3 &* n]), x[0])
      x += shape.batchStep
      w0 += shape.termStep
      w4 += shape.termStep
    }
    product[0 * v] = a0
    product[1 * v] = a1
    product[2 * v] = a2
    product[3 * v] = a3
    product[4 * v] = a4
    product[5 * v] = a5
    product[6 * v] = a6
    product[7 * v] = a7
  }

  /// One row of a product that has fewer than eight.
  @inline(never)
  private static func oneRow(
    _ w: UnsafePointer<Float>, _ batch: UnsafePointer<Lanes>,
    _ product: UnsafeMutablePointer<Lanes>, _ shape: Shape
  ) {
    let v = shape.vectors
    var vector = 0
    while vector + 4 <= v {
      var (a0, a1, a2, a3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
      var x = batch + vector
      var s = w
      for _ in 0..<shape.terms {
        let weight = Lanes(repeating: s[0])
        a0.addProduct(weight, x[0])
        a1.addProduct(weight, x[1])
        a2.addProduct(weight, x[2])
        a3.addProduct(weight, x[3])
        x += shape.batchStep
        s += shape.termStep
      }
      product[vector] = a0
      product[vector + 1] = a1
      product[vector + 2] = a2
      product[vector + 3] = a3
      vector += 4
    }
    while vector < v {
      var sum = Lanes.zero
      for term in 0..<shape.terms {
        sum.addProduct(
          Lanes(repeating: w[term &* shape.termStep]), batch[term &* shape.batchStep &+ vector])
      }
      product[vector] = sum
      vector += 1
    }
  }
}
