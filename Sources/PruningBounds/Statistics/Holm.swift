/// Holm's step-down procedure (Scandinavian Journal of Statistics 1979): over a family of
/// hypotheses, the probability of any false rejection is at most the level.
public struct Holm: Sendable {
  /// Whether each hypothesis is rejected, in the order given.
  public let rejected: [Bool]
  /// The level that the first hypothesis not rejected had to meet; the level itself where all were
  /// rejected or none was tested.
  public let nextLevel: Double

  /// - Parameters:
  ///   - pValues: one for each hypothesis.
  ///   - level: λ.
  public init(pValues: [Double], level: Double) {
    var rejected = pValues.map { _ in false }
    var nextLevel = level
    for (step, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
      nextLevel = level / Double(pValues.count - step)
      guard pValues[index] <= nextLevel else { break }
      rejected[index] = true
    }
    self.rejected = rejected
    self.nextLevel = rejected.allSatisfy { $0 } ? level : nextLevel
  }
}
