/// What the bounds need to know of a base law Z that satisfies the hypotheses (<doc:Setting>):
/// symmetric, and dominated in convex order by a centred gaussian.
public enum WeightLaw: String, Sendable, CaseIterable {
  /// U[−1, 1], the law of the paper.
  case uniform
  /// N(0, 1).
  case gaussian
  /// ±1.
  case rademacher

  /// s_Z: E φ(Z) ≤ E φ(s_Z g) for every convex φ; the best possible constants.
  public var dominationConstant: Double {
    switch self {
    case .uniform: Self.uniformDomination
    case .gaussian: 1
    case .rademacher: (Double.pi / 2).squareRoot()
    }
  }

  /// √(2π)/4, the constant of U[−1, 1].
  static let uniformDomination = (2 * Double.pi).squareRoot() / 4

  /// Var Z.
  public var variance: Double { self == .uniform ? 1.0 / 3 : 1 }

  /// E|Z| and E Z² of a law on [−1, 1], nil for an unbounded one.
  var boundedMoments: BoundedMoments? {
    switch self {
    case .uniform: .uniform
    case .gaussian: nil
    case .rademacher: BoundedMoments(first: 1, second: 1)
    }
  }
}

/// Upper bounds of the absolute moments of a symmetric law on [−1, 1].
struct BoundedMoments {
  /// μ₁ ≥ E|Z|.
  var first: Double
  /// μ₂ ≥ E Z².
  var second: Double

  static let uniform = BoundedMoments(first: 0.5, second: 1.0 / 3)
}

/// How the pruned weights of a layer are chosen (<doc:Setting>).
public enum PruningMethod: String, Sendable, CaseIterable {
  /// A uniformly random set of exactly m entries.
  case random
  /// The m entries of smallest magnitude.
  case magnitude
}
