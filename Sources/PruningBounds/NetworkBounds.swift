/// Every bound of a network's error, by the names of the columns in tables.
public struct NetworkBounds: Sendable, Hashable {
  /// A bound by its name in tables.
  public enum Name: String, Sendable, CaseIterable {
    /// The ball bound: the paper's universal approach with our constants.
    case ball
    /// The point bound: likewise, at one input.
    case point
    /// The sharp point bound; ours.
    case sharpPoint = "sharp_point"
    /// The net ball bound; ours.
    case netBall = "net_ball"
    /// The ball bound with the better norms.
    case refinedBall = "refined_ball"
    /// The point bound with the better norms.
    case refinedPoint = "refined_point"

    /// What it bounds.
    public var bounds: Error {
      switch self {
      case .ball, .netBall, .refinedBall: .ball
      case .point, .sharpPoint, .refinedPoint: .point
      }
    }
  }

  /// The error a bound is a bound of.
  public enum Error: Sendable {
    /// The largest over the unit ball.
    case ball
    /// That at one input.
    case point
  }

  /// ε_ball(δ) and what it is made of.
  public let ball: BallBound
  /// ε_point(δ).
  public let point: PointBound
  /// The sharp point bound; nil with convolutions, for which it is not proved.
  public let sharpPoint: SharpPointBound?
  /// The net ball bound; likewise.
  public let netBall: NetBallBound?
  /// The ball bound with the better norms.
  public let refinedBall: BallBound
  /// The point bound with the better norms.
  public let refinedPoint: PointBound

  /// All bounds of a network.
  ///
  /// - Parameters:
  ///   - network: shapes, laws, pruned counts and the activation.
  ///   - logDelta: ln δ, δ in (0, 1).
  public init(_ network: NetworkHypotheses, logDelta: Double) {
    ball = BallBound(network, logDelta: logDelta)
    point = PointBound(network, logDelta: logDelta)
    let moments = network.isFullyConnected ? SharpMoments(network) : nil
    sharpPoint = moments?.bound(logDelta: logDelta)
    netBall = moments.map { NetBallBound(network, $0, logDelta: logDelta) }
    refinedBall = BallBound(network, logDelta: logDelta, refined: true)
    refinedPoint = PointBound(network, logDelta: logDelta, refined: true)
  }

  /// A bound's value; nil where there is none.
  public subscript(name: Name) -> Double? {
    switch name {
    case .ball: ball.value
    case .point: point.value
    case .sharpPoint: sharpPoint?.value
    case .netBall: netBall?.value
    case .refinedBall: refinedBall.value
    case .refinedPoint: refinedPoint.value
    }
  }
}
