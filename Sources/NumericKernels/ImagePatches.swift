/// Images of a batch, cut into the patches that a convolution's kernel meets.
///
/// An image of c channels of N × N is c·N² rows of a batch, channel, row, column. At position (y, x) the
/// kernel meets in[i, y + r − ⌊q/2⌋, x + s − ⌊q/2⌋] with its tap (r, s); beyond the edge the grid wraps
/// around or is zero. Patches are gathered for a strip of positions in one row of the image, so that a
/// convolution is a product of the kernel, one row an output channel, with strip after strip: no matrix
/// of the operator is made.
public struct ImagePatches: Hashable, Sendable {
  /// c.
  public let channels: Int
  /// N.
  public let grid: Int
  /// q, odd, at most N.
  public let kernel: Int
  /// Whether the grid wraps around; else it is padded with zeros.
  public let isCircular: Bool

  /// - Parameters:
  ///   - channels: c, at least 1.
  ///   - grid: N.
  ///   - kernel: q, odd, at most N.
  ///   - isCircular: whether the grid wraps around, else it is padded with zeros.
  public init(channels: Int, grid: Int, kernel: Int, isCircular: Bool) {
    precondition(channels >= 1 && kernel % 2 == 1 && kernel <= grid, "no such kernel and grid")
    self.channels = channels
    self.grid = grid
    self.kernel = kernel
    self.isCircular = isCircular
  }

  /// The vectors of a strip: those of a product's tile, so that a strip stays in the first cache.
  public static let stripWidth = 2

  /// The number of entries in a patch, c·q².
  public var size: Int { channels * kernel * kernel }
  /// The vectors in one row of an image.
  private func rowLength(_ vectors: Int) -> Int { grid * vectors }

  /// Hands out every strip: the row of the image, the first of its vectors, and their number.
  @inline(__always)
  func forEachStrip(vectors: Int, _ body: (_ y: Int, _ start: Int, _ width: Int) -> Void) {
    for y in 0..<grid {
      for start in stride(from: 0, to: rowLength(vectors), by: Self.stripWidth) {
        body(y, start, min(Self.stripWidth, rowLength(vectors) - start))
      }
    }
  }

  /// The patches of a strip: size × width, row-major, in the order channel, row, column.
  func gather(
    _ image: UnsafePointer<Lanes>, _ y: Int, _ start: Int, _ width: Int, vectors: Int,
    into panel: UnsafeMutablePointer<Lanes>
  ) {
    let reach = kernel / 2 * vectors
    let isInterior = start >= reach && start &+ width &+ reach <= rowLength(vectors)
    var row = panel
    for channel in 0..<channels {
      for r in 0..<kernel {
        guard let line = line(y, r) else {
          for index in 0..<kernel &* width { row[index] = .zero }
          row += kernel &* width
          continue
        }
        let source = image + (channel &* grid &+ line) &* rowLength(vectors)
        if isInterior && width == Self.stripWidth {
          var place = source + (start &- reach)
          for _ in 0..<kernel {
            for k in 0..<Self.stripWidth { row[k] = place[k] }
            row += Self.stripWidth
            place += vectors
          }
        } else {
          for s in 0..<kernel {
            let first = start &- reach &+ s &* vectors
            for k in 0..<width {
              row[k] = wrapped(first &+ k, vectors).map { source[$0] } ?? .zero
            }
            row += width
          }
        }
      }
    }
  }

  /// The transpose of `gather`: adds the patches of a strip to the image.
  func scatter(
    _ panel: UnsafePointer<Lanes>, _ y: Int, _ start: Int, _ width: Int, vectors: Int,
    addingTo image: UnsafeMutablePointer<Lanes>
  ) {
    let reach = kernel / 2 * vectors
    var row = panel
    for channel in 0..<channels {
      for r in 0..<kernel {
        let line = line(y, r)
        for s in 0..<kernel {
          let first = start &- reach &+ s &* vectors
          if let line {
            let target = image + (channel &* grid &+ line) &* rowLength(vectors)
            for k in 0..<width {
              if let place = wrapped(first &+ k, vectors) { target[place] += row[k] }
            }
          }
          row += width
        }
      }
    }
  }

  /// The side of an image with its edge, N + 2⌊q/2⌋.
  private var paddedGrid: Int { grid + kernel / 2 * 2 }

  /// The vectors of a batch of padded images, and room to read eight beyond the last.
  func paddedCount(_ vectors: Int) -> Int {
    channels * paddedGrid * paddedGrid * vectors + 8
  }

  /// Copies images with the edges that the kernel reaches: what wraps around, or zeros.
  func pad(
    _ images: UnsafePointer<Lanes>, vectors: Int, into padded: UnsafeMutablePointer<Lanes>
  ) {
    let reach = kernel / 2 * vectors
    let length = rowLength(vectors)
    var target = padded
    for channel in 0..<channels {
      for y in 0..<paddedGrid {
        if let line = line(y, 0) {
          let source = images + (channel &* grid &+ line) &* length
          for k in 0..<reach { target[k] = isCircular ? source[length &- reach &+ k] : .zero }
          for k in 0..<length { target[reach &+ k] = source[k] }
          for k in 0..<reach { target[reach &+ length &+ k] = isCircular ? source[k] : .zero }
        } else {
          for k in 0..<length &+ 2 &* reach { target[k] = .zero }
        }
        target += length &+ 2 &* reach
      }
    }
    for k in 0..<8 { target[k] = .zero }
  }

  /// Where in padded images each entry of a patch lies for the position (0, 0).
  ///
  /// - Parameter taps: entries of a patch, channel·q² + row·q + column.
  func offsets(of taps: [UInt32], vectors: Int, into offsets: inout [Int]) {
    let (area, side) = (FixedDivisor(kernel * kernel), FixedDivisor(kernel))
    offsets.resize(to: taps.count, filledWith: 0)
    for entry in taps.indices {
      let (channel, tap) = area.divide(Int(taps[entry]))
      let (r, s) = side.divide(tap)
      offsets[entry] = ((channel * paddedGrid + r) * paddedGrid + s) * vectors
    }
  }

  /// Row y of one channel of a product, Σ weight · images moved by the weight's tap: each entry the chain of
  /// fused multiply-adds over the weights in their order, started at 0.
  ///
  /// - Parameters:
  ///   - entries: which of `offsets` and `weights`.
  ///   - padded: the images, padded.
  ///   - product: the row, N × vectors.
  func sumTaps(
    _ entries: Range<Int>, _ offsets: UnsafePointer<Int>, _ weights: UnsafePointer<Float>,
    _ padded: UnsafePointer<Lanes>, vectors: Int, y: Int,
    into product: UnsafeMutablePointer<Lanes>
  ) {
    let length = rowLength(vectors)
    for start in stride(from: 0, to: length, by: 8) {
      let origin = padded + (y &* paddedGrid &* vectors &+ start)
      var (a0, a1, a2, a3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
      var (a4, a5, a6, a7) = (a0, a0, a0, a0)
      for entry in entries {
        let x = origin + offsets[entry]
        let weight = Lanes(repeating: weights[entry])
        a0.addProduct(weight, x[0])
        a1.addProduct(weight, x[1])
        a2.addProduct(weight, x[2])
        a3.addProduct(weight, x[3])
        a4.addProduct(weight, x[4])
        a5.addProduct(weight, x[5])
        a6.addProduct(weight, x[6])
        a7.addProduct(weight, x[7])
      }
      // Beyond the end of the row is the edge, and nothing to write.
      func put(_ k: Int, _ value: Lanes) { if start &+ k < length { product[start &+ k] = value } }
      put(0, a0)
      put(1, a1)
      put(2, a2)
      put(3, a3)
      put(4, a4)
      put(5, a5)
      put(6, a6)
      put(7, a7)
    }
  }

  /// The row of the image that the kernel's row r meets at y; nil beyond an edge of zeros.
  @inline(__always)
  private func line(_ y: Int, _ r: Int) -> Int? {
    let line = y &+ r &- kernel / 2
    if line >= 0 && line < grid { return line }
    return isCircular ? (line < 0 ? line &+ grid : line &- grid) : nil
  }

  /// A place in a row of the image; nil beyond an edge of zeros.
  @inline(__always)
  private func wrapped(_ place: Int, _ vectors: Int) -> Int? {
    let length = rowLength(vectors)
    if place >= 0 && place < length { return place }
    return isCircular ? (place < 0 ? place &+ length : place &- length) : nil
  }
}
