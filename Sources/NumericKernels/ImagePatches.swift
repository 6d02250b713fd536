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

  /// Adds weight · images, moved by one tap of the kernel, to one channel of a product.
  ///
  /// - Parameters:
  ///   - weight: the tap's weight.
  ///   - index: the entry of a patch, channel·q² + row·q + column.
  ///   - images: channels·N² × vectors.
  ///   - product: N² × vectors.
  func addTap(
    _ weight: Float, _ index: Int, _ images: UnsafePointer<Lanes>, vectors: Int,
    to product: UnsafeMutablePointer<Lanes>
  ) {
    let (channel, tap) = (index / (kernel * kernel), index % (kernel * kernel))
    let (r, shift) = (tap / kernel, (tap % kernel - kernel / 2) * vectors)
    let length = rowLength(vectors)
    let factor = Lanes(repeating: weight)
    // Places of a row of the product whose source lies in the row, and those that wrap around.
    let inside = max(0, -shift)..<min(length, length - shift)
    let around = shift < 0 ? 0..<(-shift) : (length - shift)..<length
    let turn = shift < 0 ? length : -length
    for y in 0..<grid {
      guard let line = line(y, r) else { continue }
      let source = images + (channel &* grid &+ line) &* length
      let target = product + y &* length
      for place in inside { target[place].addProduct(factor, source[place &+ shift]) }
      if isCircular {
        for place in around { target[place].addProduct(factor, source[place &+ shift &+ turn]) }
      }
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
