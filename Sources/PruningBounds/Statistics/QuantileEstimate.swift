/// An empirical quantile with its distribution-free interval (<doc:Verdicts>).
public struct QuantileEstimate: Sendable, Hashable {
  /// The order statistic ⌈n(1 − δ)⌉.
  public let value: Double
  /// The order statistic i, the largest with P(Bin(n, 1 − δ) < i) ≤ λ/2; nil if there is none.
  public let low: Double?
  /// The order statistic j, the smallest with P(Bin(n, 1 − δ) ≥ j) ≤ λ/2; nil if there is none.
  public let high: Double?

  /// - Parameters:
  ///   - value: the order statistic ⌈n(1 − δ)⌉.
  ///   - low: the order statistic i.
  ///   - high: the order statistic j.
  public init(value: Double, low: Double?, high: Double?) {
    (self.value, self.low, self.high) = (value, low, high)
  }
}

/// The ranks, from 1, of the order statistics that a quantile estimate is made of.
public struct QuantileRanks: Sendable, Hashable {
  /// ⌈n(1 − δ)⌉.
  public let value: Int
  /// i.
  public let low: Int?
  /// j.
  public let high: Int?

  /// The ranks for the (1 − δ)-quantile.
  ///
  /// - Parameters:
  ///   - n: the size of the sample, at least 1.
  ///   - delta: δ in (0, 1).
  ///   - level: λ in (0, 1); the interval covers with probability at least 1 − λ.
  public init(trials n: Int, delta: Double, level: Double) {
    value = Self.rank(trials: n, delta: delta)
    (low, high) = Self.interval(trials: n, delta: delta, level: level)
  }

  /// ⌈n(1 − δ)⌉ = n − ⌊nδ⌋, with nδ taken as the integer it is within 1e-12 of, so that the
  /// rounding of a decimal δ does not move the rank.
  static func rank(trials n: Int, delta: Double) -> Int {
    max(1, n - Int((Double(n) * delta * (1 + 1e-12)).rounded(.down)))
  }

  /// The ranks i and j of the interval's ends, from 1.
  static func interval(trials n: Int, delta: Double, level: Double) -> (low: Int?, high: Int?) {
    // P(Bin(n, 1 − δ) < i) = P(Bin(n, δ) > n − i), and likewise for j: in terms of δ itself.
    let low = lastTrue(in: 1...n) {
      BinomialLaw.upperTail(n - $0 + 1, trials: n, probability: delta) <= level / 2
    }
    let tooLow = lastTrue(in: 1...n) {
      BinomialLaw.lowerTail(n - $0, trials: n, probability: delta) > level / 2
    }
    let high = (tooLow ?? 0) + 1
    return (low, high <= n ? high : nil)
  }

  /// The last element for which a predicate that turns from true to false once still holds.
  private static func lastTrue(in range: ClosedRange<Int>, _ holds: (Int) -> Bool) -> Int? {
    var (low, high) = (range.lowerBound, range.upperBound + 1)
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { low = middle + 1 } else { high = middle }
    }
    return low > range.lowerBound ? low - 1 : nil
  }
}
