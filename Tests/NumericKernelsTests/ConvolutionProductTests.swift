import Testing

@testable import NumericKernels

@Suite struct ConvolutionProductTests {
  /// Circular and zero padding, even and odd grids, kernels as large as the grid.
  static let geometries: [ImagePatches] = [1, 3, 5, 7].flatMap { kernel in
    [kernel, kernel + 1, kernel + 2].flatMap { grid in
      [true, false].map {
        ImagePatches(channels: 2, grid: grid, kernel: kernel, isCircular: $0)
      }
    }
  }

  /// The input that tap (r, s) meets at (y, x); nil in the padding.
  static func source(_ p: ImagePatches, _ y: Int, _ x: Int, _ r: Int, _ s: Int) -> Int? {
    var (line, place) = (y + r - p.kernel / 2, x + s - p.kernel / 2)
    if p.isCircular {
      (line, place) = ((line + p.grid) % p.grid, (place + p.grid) % p.grid)
    }
    let inside = 0..<p.grid
    return inside.contains(line) && inside.contains(place) ? line * p.grid + place : nil
  }

  /// The definition: one chain of fused multiply-adds an entry, over channel, row and column.
  static func naive(
    _ weights: [Float], _ out: Int, _ p: ImagePatches, _ images: [Lanes], _ vectors: Int
  ) -> [Lanes] {
    let area = p.grid * p.grid
    var result = [Lanes](repeating: .zero, count: out * area * vectors)
    for (o, position) in (0..<out * area).map({ ($0 / area, $0 % area) }) {
      for vector in 0..<vectors {
        var sum = Lanes.zero
        for i in 0..<p.channels {
          for (r, s) in (0..<p.kernel * p.kernel).map({ ($0 / p.kernel, $0 % p.kernel) }) {
            let place = source(p, position / p.grid, position % p.grid, r, s)
            let x = place.map { images[(i * area + $0) * vectors + vector] } ?? .zero
            let weight = weights[((o * p.channels + i) * p.kernel + r) * p.kernel + s]
            sum.addProduct(Lanes(repeating: weight), x)
          }
        }
        result[(o * area + position) * vectors + vector] = sum
      }
    }
    return result
  }

  @Test("Has the bits of the scalar chain", arguments: geometries)
  func equalsNaive(patches: ImagePatches) {
    let area = patches.grid * patches.grid
    for out in [1, 7, 8, 13] {
      for vectors in [1, 2, 3] {
        let weights = MatrixProductTests.numbers(out * patches.size, seed: 1)
        let images = MatrixProductTests.batch(rows: 2 * area, vectors: vectors, seed: 2)
        let expected = Self.naive(weights, out, patches, images, vectors)
        var panel = [Lanes](repeating: .zero, count: ConvolutionProduct.scratch(patches))
        var product = [Lanes](repeating: Lanes(repeating: .nan), count: out * area * vectors)
        ConvolutionProduct.multiply(
          weights: weights, outChannels: out, patches: patches, images: images, vectors: vectors,
          panel: &panel, into: &product)
        #expect(product == expected)
        // The same kernel as sparse rows.
        var rest = weights
        var sparse = SparseRows()
        sparse.take(
          Array(0..<UInt32(weights.count)), outOf: &rest, rows: out, columns: patches.size)
        ConvolutionProduct.multiply(
          sparse: sparse, patches: patches, images: images, vectors: vectors, into: &product)
        #expect(product == expected)
      }
    }
  }

  /// ⟨W∗x, y⟩ = ⟨x, Wᵀ∗y⟩, exactly in integers below 2²⁴.
  @Test("The transposed convolution is the adjoint", arguments: geometries)
  func adjoint(patches: ImagePatches) {
    func integers(_ count: Int, _ seed: UInt32) -> [Float] {
      MatrixProductTests.numbers(count, seed: seed).map { ($0 * 4).rounded() }
    }
    func batch(_ rows: Int, _ seed: UInt32) -> [Lanes] {
      integers(rows, seed).map { Lanes(repeating: $0) }
    }
    let area = patches.grid * patches.grid
    for out in [1, 9] {
      let weights = integers(out * patches.size, 3)
      let (x, y) = (batch(2 * area, 4), batch(out * area, 5))
      var panel = [Lanes](repeating: .zero, count: ConvolutionProduct.scratch(patches))
      var forwards = y
      ConvolutionProduct.multiply(
        weights: weights, outChannels: out, patches: patches, images: x, vectors: 1,
        panel: &panel, into: &forwards)
      let left = zip(forwards, y).reduce(Float(0)) { $0 + $1.0[3] * $1.1[3] }
      for isSparse in [false, true] {
        var back = [Lanes](repeating: .zero, count: 2 * area)
        if isSparse {
          var rest = weights
          var sparse = SparseRows()
          sparse.take(
            Array(0..<UInt32(weights.count)), outOf: &rest, rows: out, columns: patches.size)
          ConvolutionProduct.addTransposed(
            weights: nil, sparse: sparse, outChannels: out, patches: patches, batch: y,
            vectors: 1, panel: &panel, to: &back)
        } else {
          ConvolutionProduct.addTransposed(
            weights: weights, sparse: nil, outChannels: out, patches: patches, batch: y,
            vectors: 1, panel: &panel, to: &back)
        }
        let right = zip(back, x).reduce(Float(0)) { $0 + $1.0[3] * $1.1[3] }
        #expect(left == right)
      }
    }
  }
}
