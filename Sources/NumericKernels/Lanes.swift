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
