import NumericKernels
import RandomStreams

/// The points at which a trial measures its error.
public struct InputSource: Hashable, Sendable {
  /// Where the points come from.
  public enum Domain: Hashable, Sendable {
    /// Uniform on the unit sphere, drawn anew in every trial.
    case sphere
    /// Uniform in the unit ball, drawn anew in every trial.
    case ball
    /// The same points in every trial: count × input width, row-major, rows of norm at most 1.
    case points([Float])
  }

  /// The number of points.
  public let count: Int
  /// Where they come from.
  public let domain: Domain

  /// - Parameters:
  ///   - count: at least 1.
  ///   - domain: where the points come from.
  public init(count: Int, domain: Domain) {
    precondition(count >= 1, "a trial needs inputs")
    self.count = count
    self.domain = domain
  }

  /// Writes a trial's points as a batch, one column a point.
  ///
  /// - Parameters:
  ///   - batch: receives width × vectors, row-major; columns beyond the last point are 0.
  ///   - width: the network's input width.
  ///   - rows: scratch memory for the points before they are turned.
  func load(
    into batch: inout [Lanes], width: Int, rows: inout [Float],
    stream: (Purpose) -> RandomStream
  ) {
    switch domain {
    case .points(let points): rows = points
    case .sphere, .ball:
      if rows.count != count * width { rows = [Float](repeating: 0, count: count * width) }
      SpherePoints.fillSphere(&rows, dimension: width, from: stream(.inputs))
      if domain == .ball {
        SpherePoints.shrinkToBall(&rows, dimension: width, from: stream(.radii))
      }
    }
    Self.transpose(rows, width: width, into: &batch)
  }

  /// Turns points, row by row, into a batch of columns.
  ///
  /// - Parameters:
  ///   - rows: count × width, row-major.
  ///   - width: the points' dimension.
  ///   - batch: receives width × vectors; columns beyond the last point are 0.
  static func transpose(_ rows: [Float], width: Int, into batch: inout [Lanes]) {
    let count = rows.count / width
    let vectors = Lanes.vectors(holding: count)
    for coordinate in 0..<width {
      for vector in 0..<vectors {
        var lanes = Lanes.zero
        let first = vector * Lanes.width
        for lane in 0..<min(Lanes.width, count - first) {
          lanes[lane] = rows[(first + lane) * width + coordinate]
        }
        batch[coordinate * vectors + vector] = lanes
      }
    }
  }
}
