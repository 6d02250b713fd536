import PruningBounds

/// What every table says of the bounds' origin.
enum BoundNotes {
  static let whose =
    "ball, point: the universal approach of Qian and Klabjan (ICML 2021), the constants are ours;"
    + " refined: with\n  norms of ours that use the true variance. sharp point, net ball: ours."
}

extension NetworkBounds.Name {
  /// The name for people.
  var title: String {
    switch self {
    case .ball: "ball"
    case .point: "point"
    case .sharpPoint: "sharp point"
    case .netBall: "net ball"
    case .refinedBall: "refined ball"
    case .refinedPoint: "refined point"
    }
  }
}
