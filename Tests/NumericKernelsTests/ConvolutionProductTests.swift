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
        var scratch = ConvolutionScratch()
        scratch.reserve(patches, outChannels: out, vectors: vectors)
        var product = Batch.notANumber(count: out * area * vectors)
        ConvolutionProduct.multiply(
          weights: weights, outChannels: out, patches: patches, images: Batch(images),
          vectors: vectors,
          scratch: &scratch, into: &product)
        #expect(product.prefix(product.count) == expected)
        // The same kernel as sparse rows.
        var rest = weights
        var sparse = SparseRows()
        sparse.take(
          Array(0..<UInt32(weights.count)), outOf: &rest, rows: out, columns: patches.size)
        ConvolutionProduct.multiply(
          sparse: sparse, patches: patches, images: Batch(images), vectors: vectors,
          scratch: &scratch, into: &product)
        #expect(product.prefix(product.count) == expected)
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
      var scratch = ConvolutionScratch()
      scratch.reserve(patches, outChannels: out, vectors: 1)
      var forwards = Batch(y)
      ConvolutionProduct.multiply(
        weights: weights, outChannels: out, patches: patches, images: Batch(x), vectors: 1,
        scratch: &scratch, into: &forwards)
      let left = zip(forwards.prefix(y.count), y).reduce(Float(0)) { $0 + $1.0[3] * $1.1[3] }
      for isSparse in [false, true] {
        var back = Batch(count: 2 * area)
        if isSparse {
          var rest = weights
          var sparse = SparseRows()
          sparse.take(
            Array(0..<UInt32(weights.count)), outOf: &rest, rows: out, columns: patches.size)
          ConvolutionProduct.addTransposed(
            weights: nil, sparse: sparse, outChannels: out, patches: patches, batch: Batch(y),
            vectors: 1, scratch: &scratch, to: &back)
        } else {
          ConvolutionProduct.addTransposed(
            weights: weights, sparse: nil, outChannels: out, patches: patches, batch: Batch(y),
            vectors: 1, scratch: &scratch, to: &back)
        }
        let right = zip(back.prefix(x.count), x).reduce(Float(0)) { $0 + $1.0[3] * $1.1[3] }
        #expect(left == right)
      }
    }
  }

  /// The matrices of F(4 × 4, 3 × 3) in absolute value.
  static let (absA, absB, absG): ([[Double]], [[Double]], [[Double]]) = (
    [[1, 1, 1, 1, 1, 0], [0, 1, 1, 2, 2, 0], [0, 1, 1, 4, 4, 0], [0, 1, 1, 8, 8, 1]],
    [
      [4, 0, 5, 0, 1, 0], [0, 4, 4, 1, 1, 0], [0, 4, 4, 1, 1, 0], [0, 2, 1, 2, 1, 0],
      [0, 2, 1, 2, 1, 0], [0, 4, 0, 5, 0, 1],
    ],
    [
      [0.25, 0, 0], [1.0 / 6, 1.0 / 6, 1.0 / 6], [1.0 / 6, 1.0 / 6, 1.0 / 6],
      [1.0 / 24, 1.0 / 12, 1.0 / 6], [1.0 / 24, 1.0 / 12, 1.0 / 6], [0, 0, 1],
    ]
  )

  /// |M| x |M|ᵀ.
  static func sandwich(_ m: [[Double]], _ x: [[Double]]) -> [[Double]] {
    let half = m.map { row in
      x[0].indices.map { s in row.indices.reduce(0) { $0 + row[$1] * x[$1][s] } }
    }
    return half.map { row in m.map { zip($0, row).reduce(0) { $0 + $1.0 * $1.1 } } }
  }

  /// What Winograd's algorithm computes with every term in absolute value, for one lane: a rounding error
  /// on the way to an output is at most 2⁻²⁴ of this, and there are at most c + 24 on any way: 6 in turning
  /// a tile, 8 a kernel, c in the chain over channels, 8 in turning sums, and one each way for a start.
  static func magnitudes(
    _ weights: [Float], _ out: Int, _ p: ImagePatches, _ images: [Lanes], _ vectors: Int,
    _ place: (vector: Int, lane: Int)
  ) -> [Double] {
    let (grid, area) = (p.grid, p.grid * p.grid)
    var result = [Double](repeating: 0, count: out * area)
    let kernels = (0..<out * p.channels).map { index in
      sandwich(
        absG, (0..<3).map { r in (0..<3).map { Double(abs(weights[9 * index + 3 * r + $0])) } })
    }
    for (y, x) in (0..<((grid + 3) / 4) * ((grid + 3) / 4)).map({
      (4 * ($0 / ((grid + 3) / 4)), 4 * ($0 % ((grid + 3) / 4)))
    }) {
      func at(_ channel: Int, _ line: Int, _ column: Int) -> Double {
        var (line, column) = (line, column)
        if p.isCircular { (line, column) = ((line + grid) % grid, (column + grid) % grid) }
        guard (0..<grid).contains(line) && (0..<grid).contains(column) else { return 0 }
        let row = (channel * area + line * grid + column) * vectors + place.vector
        return Double(abs(images[row][place.lane]))
      }
      let tiles = (0..<p.channels).map { channel in
        sandwich(
          absB, (0..<6).map { r in (0..<6).map { at(channel, y + r - 1, x + $0 - 1) } })
      }
      for o in 0..<out {
        var sums = [[Double]](repeating: [Double](repeating: 0, count: 6), count: 6)
        for i in 0..<p.channels {
          let kernel = kernels[o * p.channels + i]
          for r in 0..<6 { for s in 0..<6 { sums[r][s] += kernel[r][s] * tiles[i][r][s] } }
        }
        let outputs = sandwich(absA, sums)
        for r in 0..<4 where y + r < grid {
          for s in 0..<4 where x + s < grid {
            result[o * area + (y + r) * grid + x + s] = outputs[r][s]
          }
        }
      }
    }
    return result
  }

  /// On grids that tiles of 4 × 4 fit and do not fit.
  @Test("Winograd's algorithm agrees with the chain", arguments: [4, 5, 6, 7, 8, 9, 16])
  func winograd(grid: Int) {
    for isCircular in [true, false] {
      for (into, out) in [(8, 8), (9, 11), (32, 10)] {
        let patches = ImagePatches(
          channels: into, grid: grid, kernel: 3, isCircular: isCircular)
        #expect(WinogradProduct.applies(patches, outChannels: out))
        for vectors in [1, 3] {
          let area = grid * grid
          let weights = MatrixProductTests.numbers(out * patches.size, seed: 1)
          let images = MatrixProductTests.batch(rows: into * area, vectors: vectors, seed: 2)
          var scratch = ConvolutionScratch()
          scratch.reserve(patches, outChannels: out, vectors: vectors)
          var fast = Batch.notANumber(count: out * area * vectors)
          var direct = Batch.notANumber(count: out * area * vectors)
          ConvolutionProduct.multiply(
            weights: weights, outChannels: out, patches: patches, images: Batch(images),
            vectors: vectors, scratch: &scratch, into: &fast)
          ConvolutionProduct.multiplyDirectly(
            weights, out, patches, Batch(images), vectors, &scratch, &direct)
          let place = (vector: vectors - 1, lane: 3)
          let sizes = Self.magnitudes(weights, out, patches, images, vectors, place)
          for index in sizes.indices {
            let (a, b) = (
              fast[index * vectors + place.vector], direct[index * vectors + place.vector]
            )
            let difference = Double(a[place.lane]) - Double(b[place.lane])
            #expect(abs(difference) <= Double(into + 24) * 0x1p-24 * sizes[index])
          }
          #expect(fast.prefix(fast.count).allSatisfy { $0 == $0 })
        }
      }
    }
  }

  @Test func noPrunedWeightsAddNothing() {
    let patches = ImagePatches(channels: 2, grid: 4, kernel: 3, isCircular: true)
    var weights = MatrixProductTests.numbers(3 * patches.size, seed: 1)
    var sparse = SparseRows()
    sparse.take([], outOf: &weights, rows: 3, columns: patches.size)
    var scratch = ConvolutionScratch()
    scratch.reserve(patches, outChannels: 3, vectors: 1)
    var product = Batch.notANumber(count: 48)
    ConvolutionProduct.multiply(
      sparse: sparse, patches: patches,
      images: Batch(MatrixProductTests.batch(rows: 32, vectors: 1, seed: 2)), vectors: 1,
      scratch: &scratch, into: &product)
    #expect(product.prefix(48).allSatisfy { $0 == .zero })
  }
}
