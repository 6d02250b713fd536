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
  ///   - stream: the trial's stream of a purpose.
  func load(
    into batch: inout Batch, width: Int, rows: inout [Float],
    stream: (Purpose) -> RandomStream
  ) {
    if case .points(let points) = domain {
      LanesSquare.transpose(points, width: width, into: &batch)
      return
    }
    if rows.count != count * width { rows = [Float](repeating: 0, count: count * width) }
    if domain == .ball {
      SpherePoints.fillSphere(&rows, dimension: width, from: stream(.inputs))
      SpherePoints.shrinkToBall(&rows, dimension: width, from: stream(.radii))
      LanesSquare.transpose(rows, width: width, into: &batch)
    } else {
      Law.gaussian.fill(first: rows.count, of: &rows, from: stream(.inputs), amplitude: 1)
      LanesSquare.transpose(rows, width: width, into: &batch)
      // The roundings of `SpherePoints.fillSphere`, which does the same point by point.
      ColumnNorms.normalise(&batch, rows: width, vectors: Lanes.vectors(holding: count))
    }
  }
}
