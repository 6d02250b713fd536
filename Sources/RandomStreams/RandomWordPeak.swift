/// How fast random words come at most: the yardstick for whatever consumes them.
public enum RandomWordPeak {
  /// Words per second of one core, generated into the first cache and not used.
  ///
  /// - Parameter rounds: loop turns, 1024 words each; 4000 take about 1.5 ms.
  public static func measure(rounds: Int = 4000) -> Double {
    let stream = RandomStream(seed: 1, trial: 0, layer: 1, purpose: .weights)
    var octets = InlineArray<32, Philox.Octet>(repeating: .zero)
    let clock = ContinuousClock()
    var mixed: UInt64 = 0
    let time = clock.measure {
      for round in 0..<rounds {
        var span = octets.mutableSpan
        stream.generate(32, from: round &* 32, into: &span)
        // Keeps the rounds from being left out.
        mixed ^= span[31].low[7]
      }
    }
    precondition(mixed != 1)
    return Double(rounds) * 1024 / (time / .seconds(1))
  }
}
