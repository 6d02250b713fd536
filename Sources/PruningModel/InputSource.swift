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

  /// Draws a trial's points.
  ///
  /// - Parameters:
  ///   - points: receives them: count × width, row-major.
  ///   - width: the network's input width.
  ///   - stream: the trial's stream of a purpose.
  func draw(into points: inout [Float], width: Int, stream: (Purpose) -> RandomStream) {
    if case .points(let given) = domain {
      points = given
      return
    }
    if points.count != count * width { points = [Float](repeating: 0, count: count * width) }
    SpherePoints.fillSphere(&points, dimension: width, from: stream(.inputs))
    if domain == .ball {
      SpherePoints.shrinkToBall(&points, dimension: width, from: stream(.radii))
    }
  }
}
