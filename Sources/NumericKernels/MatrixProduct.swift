/// The product of a tall weight matrix, or of its transpose, with a batch of column vectors.
///
/// Entry (i, n) of the product is the chain of fused multiply-adds over the summation index in
/// increasing order, started at 0. Tiles only change which entries are worked on together, never a
/// result, so every implementation, fast or naive, gives the same bits.
public enum MatrixProduct {
  /// Rows of a register tile. Six rows of two vectors are twelve accumulators: enough to hide the
  /// latency of the multiply-add, few enough to stay in registers.
  static let tileRows = 6

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
    weights: [Float], rows: Int, columns: Int, batch: [Lanes], vectors: Int,
    into product: inout [Lanes]
  ) {
    precondition(weights.count >= rows * columns, "weights are not rows × columns")
    multiply(
      weights, Shape(rows: rows, terms: columns, rowStep: columns, termStep: 1, vectors: vectors),
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
    weights: [Float], rows: Int, columns: Int, batch: [Lanes], vectors: Int,
    into product: inout [Lanes]
  ) {
    precondition(weights.count >= rows * columns, "weights are not rows × columns")
    multiply(
      weights, Shape(rows: columns, terms: rows, rowStep: 1, termStep: columns, vectors: vectors),
      batch, into: &product)
  }

  /// The product's rows, the terms of each entry, and how far apart their weights lie.
  private struct Shape {
    var rows: Int
    var terms: Int
    var rowStep: Int
    var termStep: Int
    var vectors: Int
  }

  private static func multiply(
    _ weights: [Float], _ shape: Shape, _ batch: [Lanes], into product: inout [Lanes]
  ) {
    precondition(batch.count >= shape.terms * shape.vectors, "the batch is too short")
    precondition(product.count >= shape.rows * shape.vectors, "the product is too short")
    weights.withUnsafeBufferPointer { weights in
      batch.withUnsafeBufferPointer { batch in
        product.withUnsafeMutableBufferPointer { product in
          guard let w = weights.baseAddress, let b = batch.baseAddress,
            let p = product.baseAddress
          else { return }
          var row = 0
          while row + tileRows <= shape.rows {
            sixRows(w + row * shape.rowStep, b, p + row * shape.vectors, shape)
            row += tileRows
          }
          while row < shape.rows {
            oneRow(w + row * shape.rowStep, b, p + row * shape.vectors, shape)
            row += 1
          }
        }
      }
    }
  }

  /// Six rows of the product, two vectors of inputs at a time.
  @inline(__always)
  private static func sixRows(
    _ w: UnsafePointer<Float>, _ batch: UnsafePointer<Lanes>,
    _ product: UnsafeMutablePointer<Lanes>, _ shape: Shape
  ) {
    var vector = 0
    while vector + 2 <= shape.vectors {
      tile6x2(w, batch + vector, product + vector, shape)
      vector += 2
    }
    if vector < shape.vectors { tile6x1(w, batch + vector, product + vector, shape) }
  }

  @inline(never)
  private static func tile6x2(
    _ w: UnsafePointer<Float>, _ batch: UnsafePointer<Lanes>,
    _ product: UnsafeMutablePointer<Lanes>, _ shape: Shape
  ) {
    let (n, v) = (shape.rowStep, shape.vectors)
    var (a0, a1, a2) = (Lanes.zero, Lanes.zero, Lanes.zero)
    var (a3, a4, a5) = (Lanes.zero, Lanes.zero, Lanes.zero)
    var (b0, b1, b2) = (Lanes.zero, Lanes.zero, Lanes.zero)
    var (b3, b4, b5) = (Lanes.zero, Lanes.zero, Lanes.zero)
    var x = batch
    var w0 = w
    var w3 = w + 3 * n
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
      let s3 = Lanes(repeating: w3[0])
      a3.addProduct(s3, x0)
      b3.addProduct(s3, x1)
      let s4 = Lanes(repeating: w3[n])
      a4.addProduct(s4, x0)
      b4.addProduct(s4, x1)
      let s5 = Lanes(repeating: w3[2 &* n])
      a5.addProduct(s5, x0)
      b5.addProduct(s5, x1)
      x += v
      w0 += shape.termStep
      w3 += shape.termStep
    }
    product[0] = a0
    product[1] = b0
    product[v] = a1
    product[v + 1] = b1
    product[2 * v] = a2
    product[2 * v + 1] = b2
    product[3 * v] = a3
    product[3 * v + 1] = b3
    product[4 * v] = a4
    product[4 * v + 1] = b4
    product[5 * v] = a5
    product[5 * v + 1] = b5
  }

  @inline(never)
  private static func tile6x1(
    _ w: UnsafePointer<Float>, _ batch: UnsafePointer<Lanes>,
    _ product: UnsafeMutablePointer<Lanes>, _ shape: Shape
  ) {
    let (n, v) = (shape.rowStep, shape.vectors)
    var (a0, a1, a2) = (Lanes.zero, Lanes.zero, Lanes.zero)
    var (a3, a4, a5) = (Lanes.zero, Lanes.zero, Lanes.zero)
    var x = batch
    var s = w
    for _ in 0..<shape.terms {
      a0.addProduct(Lanes(repeating: s[0]), x[0])
      a1.addProduct(Lanes(repeating: s[n]), x[0])
      a2.addProduct(Lanes(repeating: s[2 &* n]), x[0])
      a3.addProduct(Lanes(repeating: s[3 &* n]), x[0])
      a4.addProduct(Lanes(repeating: s[4 &* n]), x[0])
      a5.addProduct(Lanes(repeating: s[5 &* n]), x[0])
      x += v
      s += shape.termStep
    }
    product[0] = a0
    product[v] = a1
    product[2 * v] = a2
    product[3 * v] = a3
    product[4 * v] = a4
    product[5 * v] = a5
  }

  /// A row left over when the number of rows is no multiple of six.
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
        x += v
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
          Lanes(repeating: w[term &* shape.termStep]), batch[term &* v &+ vector])
      }
      product[vector] = sum
      vector += 1
    }
  }
}
