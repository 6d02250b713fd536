/// Convolutions with kernels of side 3 in a quarter of the multiplications: the minimal filtering algorithm
/// F(4 × 4, 3 × 3) of Winograd, for convolutions by Lavin and Gray (*Fast algorithms for convolutional neural
/// networks*, CVPR 2016).
///
/// Every 4 × 4 outputs of a channel come from a tile of 6 × 6 inputs. Tile d and kernel g are turned into
/// BᵀdB and GgGᵀ, 36 numbers each; these are multiplied and summed over channels, 36 products of
/// matrices instead of one convolution; AᵀmA turns the sums into outputs. Entries are accurate to some
/// 1e-6 of the sum of their terms' magnitudes, worse than the direct chain, far better than errors are
/// promised to be; the order of all operations is fixed, so that the bits are as reproducible.
enum WinogradProduct {
  /// Outputs of a tile in a line, inputs of it in a line, and the products for a tile.
  private static let (outputs, inputs, points) = (4, 6, 36)
  /// Tiles that are worked on together, each for 16 images.
  private static let stripWidth = 4

  /// Whether the algorithm is used: for kernels of side 3 on grids that hold a tile, with channels enough
  /// for the products to outweigh the turning.
  static func applies(_ patches: ImagePatches, outChannels: Int) -> Bool {
    patches.kernel == 3 && patches.grid >= outputs && patches.channels >= 8 && outChannels >= 8
  }

  /// The scratch memory: floats for the turned kernel, vectors for tiles and sums.
  static func scratch(_ patches: ImagePatches, outChannels: Int) -> (kernel: Int, tiles: Int) {
    (
      points * outChannels * patches.channels,
      points * ((outChannels + patches.channels) * stripWidth + 2) + points
    )
  }

  /// product = weights ∗ images.
  static func multiply(
    _ weights: UnsafePointer<Float>, outChannels: Int, _ patches: ImagePatches,
    _ images: UnsafePointer<Lanes>, vectors: Int, kernel: UnsafeMutablePointer<Float>,
    tiles: UnsafeMutablePointer<Lanes>, into product: UnsafeMutablePointer<Lanes>
  ) {
    turn(weights, outChannels * patches.channels, into: kernel)
    let across = (patches.grid + outputs - 1) / outputs
    let sums = tiles + points * (patches.channels * stripWidth + 1)
    let turned = sums + points * (outChannels * stripWidth + 1)
    for y in 0..<across {
      // A column is a tile and a vector of images.
      for first in stride(from: 0, to: across * vectors, by: stripWidth) {
        let width = min(stripWidth, across * vectors - first)
        for column in 0..<width {
          let (x, vector) = ((first + column) / vectors, (first + column) % vectors)
          gather(images, patches, vectors, y, x, vector, turned, into: tiles + column, width)
        }
        for point in 0..<points {
          MatrixProduct.multiply(
            kernel + point * outChannels * patches.channels,
            MatrixProduct.Shape(
              rows: outChannels, terms: patches.channels, rowStep: patches.channels, termStep: 1,
              vectors: width, batchStep: width, productStep: width),
            tiles + point * pointStep(patches.channels, width),
            into: sums + point * pointStep(outChannels, width))
        }
        for column in 0..<width {
          let (x, vector) = ((first + column) / vectors, (first + column) % vectors)
          scatter(
            sums + column, outChannels, width, patches.grid, vectors, y, x, vector, turned,
            into: product)
        }
      }
    }
  }

  /// How far apart the points of a strip lie: one vector more than they hold, since the places of a tile
  /// would else fall on the same lines of the first cache.
  private static func pointStep(_ channels: Int, _ width: Int) -> Int { channels &* width &+ 1 }

  /// GgGᵀ of every kernel, point by point, sixteen kernels at a time.
  private static func turn(
    _ weights: UnsafePointer<Float>, _ count: Int, into kernel: UnsafeMutablePointer<Float>
  ) {
    for first in stride(from: 0, to: count, by: Lanes.width) {
      let width = min(Lanes.width, count - first)
      let source = weights + 9 * first
      @inline(__always)
      func tap(_ index: Int) -> Lanes {
        if width < Lanes.width {
          var lanes = Lanes.zero
          for lane in 0..<width { lanes[lane] = source[9 * lane + index] }
          return lanes
        }
        let g = source + index
        return Lanes(
          g[0], g[9], g[18], g[27], g[36], g[45], g[54], g[63], g[72], g[81], g[90], g[99], g[108],
          g[117], g[126], g[135])
      }
      let a = turnKernel(tap(0), tap(3), tap(6))
      let b = turnKernel(tap(1), tap(4), tap(7))
      let c = turnKernel(tap(2), tap(5), tap(8))
      @inline(__always)
      func put(_ row: Int, _ x: Lanes, _ y: Lanes, _ z: Lanes) {
        let line = turnKernel(x, y, z)
        put(6 * row, line.0)
        put(6 * row + 1, line.1)
        put(6 * row + 2, line.2)
        put(6 * row + 3, line.3)
        put(6 * row + 4, line.4)
        put(6 * row + 5, line.5)
      }
      @inline(__always)
      func put(_ point: Int, _ value: Lanes) {
        let target = kernel + (point * count + first)
        if width == Lanes.width {
          UnsafeMutableRawPointer(target).storeBytes(of: value, as: Lanes.self)
        } else {
          for lane in 0..<width { target[lane] = value[lane] }
        }
      }
      put(0, a.0, b.0, c.0)
      put(1, a.1, b.1, c.1)
      put(2, a.2, b.2, c.2)
      put(3, a.3, b.3, c.3)
      put(4, a.4, b.4, c.4)
      put(5, a.5, b.5, c.5)
    }
  }

  /// One line of Gg.
  @inline(__always)
  private static func turnKernel(
    _ a: Lanes, _ b: Lanes, _ c: Lanes
  ) -> (Lanes, Lanes, Lanes, Lanes, Lanes, Lanes) {
    let sum = (a + c) * (-1.0 / 6)
    let middle = b * (1.0 / 6)
    let (wide, half) = (a * (1.0 / 24) + c * (1.0 / 6), b * (1.0 / 12))
    return (a * 0.25, sum - middle, sum + middle, wide + half, wide - half, c)
  }

  /// One line of Bᵀd.
  @inline(__always)
  private static func turnIn(
    _ d0: Lanes, _ d1: Lanes, _ d2: Lanes, _ d3: Lanes, _ d4: Lanes, _ d5: Lanes
  ) -> (Lanes, Lanes, Lanes, Lanes, Lanes, Lanes) {
    let (even, odd) = (d4 - d2 * 4, d3 - d1 * 4)
    let (outer, inner) = (d4 - d2, (d3 - d1) * 2)
    return (
      d0 * 4 - d2 * 5 + d4, even + odd, even - odd, outer + inner, outer - inner,
      d1 * 4 - d3 * 5 + d5
    )
  }

  /// One line of Aᵀm.
  @inline(__always)
  private static func turnOut(
    _ m0: Lanes, _ m1: Lanes, _ m2: Lanes, _ m3: Lanes, _ m4: Lanes, _ m5: Lanes
  ) -> (Lanes, Lanes, Lanes, Lanes) {
    let (a, b, c, d) = (m1 + m2, m1 - m2, m3 + m4, m3 - m4)
    return (m0 + a + c, b + d * 2, a + c * 4, b + d * 8 + m5)
  }

  /// BᵀdB of tile (y, x) of every channel: point p of channel i at p·pointStep + i·step. `turned` is
  /// scratch memory for a tile.
  private static func gather(
    _ images: UnsafePointer<Lanes>, _ patches: ImagePatches, _ vectors: Int, _ y: Int, _ x: Int,
    _ vector: Int, _ turned: UnsafeMutablePointer<Lanes>,
    into tiles: UnsafeMutablePointer<Lanes>, _ step: Int
  ) {
    let (grid, channels) = (patches.grid, patches.channels)
    let point = pointStep(channels, step)
    // Where the tile's lines and columns lie on the grid; −1 in an edge of zeros.
    func place(_ index: Int) -> Int {
      if index >= 0 && index < grid { return index }
      return patches.isCircular ? ((index % grid) + grid) % grid : -1
    }
    var places = InlineArray<36, Int>(repeating: -1)
    var isInside = true
    for r in 0..<inputs {
      for s in 0..<inputs {
        let (line, column) = (place(4 * y + r - 1), place(4 * x + s - 1))
        if line >= 0 && column >= 0 {
          places[6 * r + s] = (line * grid + column) * vectors
        } else {
          isInside = false
        }
      }
    }
    for channel in 0..<channels {
      let image = images + (channel &* grid &* grid &* vectors &+ vector)
      for r in 0..<inputs {
        @inline(__always)
        func at(_ s: Int) -> Lanes {
          let place = places[6 &* r &+ s]
          return isInside || place >= 0 ? image[place] : .zero
        }
        let t = turnIn(at(0), at(1), at(2), at(3), at(4), at(5))
        let column = turned + r
        column[0] = t.0
        column[6] = t.1
        column[12] = t.2
        column[18] = t.3
        column[24] = t.4
        column[30] = t.5
      }
      // `turned` holds (dB)ᵀ; its lines give column s of BᵀdB.
      for s in 0..<inputs {
        let d = turned + 6 * s
        let t = turnIn(d[0], d[1], d[2], d[3], d[4], d[5])
        let row = 6 &* point
        let target = tiles + (s &* point &+ channel &* step)
        target[0] = t.0
        target[row] = t.1
        target[2 &* row] = t.2
        target[3 &* row] = t.3
        target[4 &* row] = t.4
        target[5 &* row] = t.5
      }
    }
  }

  /// AᵀmA of tile (y, x) of every output channel, as far as it lies on the grid.
  private static func scatter(
    _ sums: UnsafePointer<Lanes>, _ channels: Int, _ step: Int, _ grid: Int, _ vectors: Int,
    _ y: Int, _ x: Int, _ vector: Int, _ turned: UnsafeMutablePointer<Lanes>,
    into product: UnsafeMutablePointer<Lanes>
  ) {
    let (height, width) = (min(outputs, grid - 4 * y), min(outputs, grid - 4 * x))
    let point = pointStep(channels, step)
    let line = grid &* vectors
    for channel in 0..<channels {
      for r in 0..<inputs {
        let m = sums + (6 &* r &* point &+ channel &* step)
        let t = turnOut(
          m[0], m[point], m[2 &* point], m[3 &* point], m[4 &* point], m[5 &* point])
        let column = turned + r
        column[0] = t.0
        column[6] = t.1
        column[12] = t.2
        column[18] = t.3
      }
      for s in 0..<width {
        let m = turned + 6 * s
        let t = turnOut(m[0], m[1], m[2], m[3], m[4], m[5])
        let first = (channel &* grid &+ 4 &* y) &* line
        let target = product + (first &+ (4 &* x &+ s) &* vectors &+ vector)
        if height > 0 { target[0] = t.0 }
        if height > 1 { target[line] = t.1 }
        if height > 2 { target[2 &* line] = t.2 }
        if height > 3 { target[3 &* line] = t.3 }
      }
    }
  }
}
