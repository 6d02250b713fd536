extension SIMD16 {
  /// The vector e₀ o₀ e₁ o₁ ….
  @inlinable @inline(__always)
  init(even: SIMD8<Scalar>, odd: SIMD8<Scalar>) {
    self.init(lowHalf: even, highHalf: odd)
    evenHalf = even
    oddHalf = odd
  }
}

extension SIMD32 {
  /// The vector e₀ o₀ e₁ o₁ ….
  @inlinable @inline(__always)
  init(even: SIMD16<Scalar>, odd: SIMD16<Scalar>) {
    self.init(lowHalf: even, highHalf: odd)
    evenHalf = even
    oddHalf = odd
  }
}
