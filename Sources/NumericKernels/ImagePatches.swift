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
  @inline(__always)
  func gather(
    _ image: UnsafePointer<Lanes>, _ y: Int, _ start: Int, _ width: Int, vectors: Int,
    into panel: UnsafeMutablePointer<Lanes>
  ) {
    var row = panel
    forEachTap(y, start, vectors) { source, first in
      if let source {
        if first >= 0 && first &+ width <= rowLength(vectors) {
          for k in 0..<width { row[k] = image[source &+ first &+ k] }
        } else {
          for k in 0..<width {
            row[k] = wrapped(first &+ k, vectors).map { image[source &+ $0] } ?? .zero
          }
        }
      } else {
        for k in 0..<width { row[k] = .zero }
      }
      row += width
    }
  }

  /// The transpose of `gather`: adds the patches of a strip to the image.
  @inline(__always)
  func scatter(
    _ panel: UnsafePointer<Lanes>, _ y: Int, _ start: Int, _ width: Int, vectors: Int,
    addingTo image: UnsafeMutablePointer<Lanes>
  ) {
    var row = panel
    forEachTap(y, start, vectors) { source, first in
      if let source {
        for k in 0..<width {
          if let place = wrapped(first &+ k, vectors) { image[source &+ place] += row[k] }
        }
      }
      row += width
    }
  }

  /// For each entry of a patch: where its row of the image starts, nil beyond an edge of zeros, and
  /// where in that row the strip's source starts, which may be beyond an end.
  @inline(__always)
  private func forEachTap(
    _ y: Int, _ start: Int, _ vectors: Int, _ body: (_ source: Int?, _ first: Int) -> Void
  ) {
    let half = kernel / 2
    for channel in 0..<channels {
      for r in 0..<kernel {
        var line = y &+ r &- half
        var isInside = true
        if line < 0 || line >= grid {
          isInside = isCircular
          line = line < 0 ? line &+ grid : line &- grid
        }
        let source = (channel &* grid &+ line) &* grid &* vectors
        for s in 0..<kernel {
          body(isInside ? source : nil, start &+ (s &- half) &* vectors)
        }
      }
    }
  }

  /// A place in a row of the image; nil beyond an edge of zeros.
  @inline(__always)
  private func wrapped(_ place: Int, _ vectors: Int) -> Int? {
    let length = rowLength(vectors)
    if place >= 0 && place < length { return place }
    return isCircular ? (place < 0 ? place &+ length : place &- length) : nil
  }
}
