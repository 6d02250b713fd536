import Foundation

/// A test of a Bernoulli rate against δ that stays valid however often one looks (Robbins 1970;
/// Howard, Ramdas, McAuliffe and Sekhon 2021).
///
/// Under a rate of δ the mixture M_n = B(a + x, b + n − x)/(B(a, b) δˣ(1 − δ)ⁿ⁻ˣ) is a martingale
/// from 1, so by Ville's inequality it ever reaches 1/λ with probability at most λ. Seen as a
/// function of δ, the rates with M_n < 1/λ are an interval around x/n that covers the true rate at
/// all times at once with probability at least 1 − λ (the confidence sequence); hence a rejection
/// towards the side of δ on which x/n lies is valid against every rate on the other side.
///
/// Here a = b = ½. The value is updated by one multiplication and two divisions a trial, so that
/// when it crosses does not depend on the C library.
public struct AnytimeTest: Sendable {
  /// Where the rate is found to lie.
  public enum Side: Sendable {
    /// Above δ.
    case above
    /// Below δ.
    case below
  }

  /// δ.
  public let delta: Double
  /// n.
  public private(set) var trials = 0
  /// x.
  public private(set) var successes = 0
  /// M_n.
  private var value = 1.0

  /// - Parameter delta: δ in (0, 1).
  public init(delta: Double) { self.delta = delta }

  /// Takes the outcome of the next trial.
  public mutating func observe(_ success: Bool) {
    let weight = success ? 0.5 + Double(successes) : 0.5 + Double(trials - successes)
    value *= weight / Double(trials + 1) / (success ? delta : 1 - delta)
    trials += 1
    if success { successes += 1 }
  }

  /// The side to which the test rejects at a level, nil if it does not.
  public func rejection(level: Double) -> Side? {
    guard value * level >= 1 else { return nil }
    return Double(successes) > delta * Double(trials) ? .above : .below
  }

  /// The upper end of the confidence sequence at 1 − λ.
  ///
  /// - Parameters:
  ///   - x: successes, 0 … n.
  ///   - n: trials, at least 1.
  ///   - level: λ in (0, 1).
  public static func upperLimit(_ x: Int, trials n: Int, level: Double) -> Double {
    if x >= n { return 1 }
    let rate = Double(x) / Double(n)
    // ln M_n increases in the rate from x/n on; in u = −ln(1 − p) it is smooth up to p = 1.
    let u = RootFinder.monotone(lower: -log1p(-rate), upper: 700, start: -log1p(-rate) + 0.1) { u in
      let p = -expm1(-u)
      let value = logMixture(x, n) - (x > 0 ? Double(x) * log(p) : 0) + Double(n - x) * u
      let slope = Double(n - x) - (x > 0 ? Double(x) * exp(-u) / p : 0)
      return (value + log(level), slope)
    }
    return -expm1(-u)
  }

  /// ln(B(½ + x, ½ + n − x)/B(½, ½)).
  private static func logMixture(_ x: Int, _ n: Int) -> Double {
    lgamma(0.5 + Double(x)) + lgamma(0.5 + Double(n - x)) - lgamma(1 + Double(n)) - log(Double.pi)
  }

  /// The further trials without a success after which the test would reject to the lower side.
  public func trialsNeeded(level: Double) -> Int? {
    func rejects(_ n: Int) -> Bool {
      let logValue =
        Self.logMixture(successes, n) - Double(successes) * log(delta)
        - Double(n - successes) * log1p(-delta)
      return logValue + log(level) >= 0 && Double(successes) <= delta * Double(n)
    }
    var (low, high) = (trials, trials + 1)
    while !rejects(high) {
      guard high < 1 << 40 else { return nil }
      (low, high) = (high, 2 * high)
    }
    while high - low > 1 {
      let middle = (low + high) / 2
      if rejects(middle) { high = middle } else { low = middle }
    }
    return high - trials
  }
}
