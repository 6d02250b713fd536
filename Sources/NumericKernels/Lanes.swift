/// Sixteen single-precision numbers: the unit in which batches are stored and multiplied.
///
/// On AVX-512 it is one register, on AVX2 two; the result of every operation is the same, because
/// lanes, order and fused operations are explicit.
public typealias Lanes = SIMD16<Float>

extension Lanes {
  /// The number of lanes.
  @inlinable public static var width: Int { 16 }

  /// The number of vectors that hold `count` numbers.
  @inlinable public static func vectors(holding count: Int) -> Int { (count + 15) / 16 }
}

extension SIMDMask<SIMD16<Int32>> {
  /// A bit a lane, lane 0 the lowest.
  @inline(__always)
  var bits: UInt64 {
    let lanes = unsafeBitCast(self, to: SIMD16<Int32>.self)
    let bytes = unsafeBitCast(SIMD16<Int8>(truncatingIfNeeded: lanes), to: SIMD2<UInt64>.self)
    // Bit i of byte i, then the sum of the bytes in the highest one.
    func gathered(_ word: UInt64) -> UInt64 {
      ((word & 0x8040_2010_0804_0201) &* 0x0101_0101_0101_0101) &>> 56
    }
    return gathered(bytes[0]) | gathered(bytes[1]) &<< 8
  }
}
