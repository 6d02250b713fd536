/// What the processor can do at most: the yardstick for the kernels.
public enum MultiplyAddPeak {
  /// Floating-point operations per second of one core, in fused multiply-adds on registers.
  ///
  /// - Parameter rounds: loop turns, 48 vector operations each; 100,000 take about 1.5 ms.
  /// - Returns: the rate, two operations a lane and multiply-add.
  public static func measure(rounds: Int = 100_000) -> Double {
    let clock = ContinuousClock()
    var sink = Lanes.zero
    let time = clock.measure { sink = chains(rounds) }
    precondition(sink[0].isFinite)
    return Double(rounds) * 48 * Double(Lanes.width) * 2 / (time / .seconds(1))
  }

  /// Twelve independent chains, four links a turn: enough to hide the latency.
  @inline(never)
  private static func chains(_ rounds: Int) -> Lanes {
    var (a, b, c, d) = (Lanes.one, Lanes.one, Lanes.one, Lanes.one)
    var (e, f, g, h) = (Lanes.one, Lanes.one, Lanes.one, Lanes.one)
    var (i, j, k, l) = (Lanes.one, Lanes.one, Lanes.one, Lanes.one)
    let x = Lanes(repeating: 0.999)
    let y = Lanes(repeating: Float(rounds % 7) * 0.001 + 0.5)
    for _ in 0..<rounds &* 4 {
      a = y.addingProduct(a, x)
      b = y.addingProduct(b, x)
      c = y.addingProduct(c, x)
      d = y.addingProduct(d, x)
      e = y.addingProduct(e, x)
      f = y.addingProduct(f, x)
      g = y.addingProduct(g, x)
      h = y.addingProduct(h, x)
      i = y.addingProduct(i, x)
      j = y.addingProduct(j, x)
      k = y.addingProduct(k, x)
      l = y.addingProduct(l, x)
    }
    return ((a + b) + (c + d)) + ((e + f) + (g + h)) + ((i + j) + (k + l))
  }
}
