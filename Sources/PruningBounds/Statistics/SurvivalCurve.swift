import Foundation

/// A point of the curve ε ↦ P(X > ε) of a sample, with a band that the whole curve lies in with
/// probability at least 1 − λ, whatever the law.
///
/// The limits are Clopper and Pearson's at the sample's order statistics X_(r): P(X ≥ X_(r)) is below
/// `low`, and P(X > X_(r)) above `high`, with probability at most λ/2 over the number of points each
/// (the probabilities that X_(r) leaves above it are Beta(n − r + 1, r) if the law is continuous, and
/// further away if it is not). So `high` holds from a point's value up to the next, `low` down to the
/// one before.
public struct SurvivalPoint: Sendable, Hashable {
  /// The order statistic X_(r).
  public let value: Double
  /// The share of the sample that is ranked from it on, (n − r + 1)/n.
  public let survival: Double
  /// The lower limit of P(X ≥ value).
  public let low: Double
  /// The upper limit of P(X > value).
  public let high: Double
}

/// The ranks, from 1, of the order statistics that a survival curve is drawn from.
public struct SurvivalRanks: Sendable, Hashable {
  /// The ranks, in increasing order.
  public let ranks: [Int]
  private let trials: Int

  /// The most points of a curve.
  public static let mostPoints = 32

  /// Ranks whose shares of the sample are at equal distances of their logarithms, from 1 to 1/n.
  ///
  /// - Parameter n: the size of the sample, at least 1.
  public init(trials n: Int) {
    trials = n
    let steps = Double(Self.mostPoints - 1)
    let from = (0..<Self.mostPoints).map { Int(pow(Double(n), Double($0) / steps).rounded()) }
    ranks = Set(from).sorted(by: >).map { n - $0 + 1 }
  }

  /// The curve.
  ///
  /// - Parameters:
  ///   - values: the order statistics of the ranks.
  ///   - level: λ in (0, 1).
  public func points(_ values: [Double], level: Double) -> [SurvivalPoint] {
    let each = level / Double(2 * ranks.count)
    return zip(ranks, values).map { rank, value in
      let above = trials - rank
      return SurvivalPoint(
        value: value, survival: Double(above + 1) / Double(trials),
        low: ClopperPearson.lowerLimit(above + 1, trials: trials, level: each),
        high: ClopperPearson.upperLimit(above, trials: trials, level: each))
    }
  }
}
