/// Division of 32-bit numbers by one divisor, many times: a multiplication each.
struct FixedDivisor {
  /// ⌈2⁶⁴/d⌉: a 32-bit number times this, over 2⁶⁴, is exactly the quotient for every d above 1 (Lemire,
  /// Kaser and Kurz, *Faster remainder by direct computation*, 2019). 0 for d = 1.
  private let inverse: UInt64
  private let divisor: Int

  /// - Parameter divisor: 1 … 2³² − 1.
  init(_ divisor: Int) {
    precondition((1..<1 << 32).contains(divisor), "no 32-bit divisor")
    self.divisor = divisor
    inverse = divisor > 1 ? UInt64.max / UInt64(divisor) + 1 : 0
  }

  /// Quotient and remainder of a number below 2³².
  @inline(__always)
  func divide(_ number: Int) -> (quotient: Int, remainder: Int) {
    let quotient =
      inverse == 0 ? number : Int(inverse.multipliedFullWidth(by: UInt64(number)).high)
    return (quotient, number &- quotient &* divisor)
  }
}
