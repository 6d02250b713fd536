/// Newton's method inside a bracket.
enum RootFinder {
  /// The root of a monotone function.
  ///
  /// Newton steps from `start`; a step that would leave the bracket, or that does not halve the
  /// last one, is replaced by bisection, so that the search always ends, at the accuracy of the
  /// function.
  ///
  /// - Parameters:
  ///   - lower: where the function is ≤ 0 if it increases, ≥ 0 if it decreases.
  ///   - upper: where it has the other sign.
  ///   - start: a first guess inside the bracket.
  ///   - function: value and slope; the slope's sign is the same everywhere.
  static func monotone(
    lower: Double, upper: Double, start: Double,
    _ function: (Double) -> (value: Double, slope: Double)
  ) -> Double {
    var (low, high) = (lower, upper)
    var x = min(max(start, low), high)
    var lastStep = high - low
    for _ in 0..<400 {
      let (value, slope) = function(x)
      if value == 0 { return x }
      if (value < 0) == (slope > 0) { low = x } else { high = x }
      var step = -value / slope
      if !step.isFinite || x + step <= low || x + step >= high || abs(step) > abs(lastStep) / 2 {
        step = low + (high - low) / 2 - x
      }
      let next = x + step
      if next == x || abs(step) <= 2e-16 * abs(x) { return next }
      lastStep = step
      x = next
    }
    return x
  }
}
