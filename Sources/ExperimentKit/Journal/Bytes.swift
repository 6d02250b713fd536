/// Integers as bytes, the least significant first, on every machine.
extension Array<UInt8> {
  /// Appends the bytes of an integer.
  mutating func append<Integer: FixedWidthInteger>(littleEndian value: Integer) {
    var rest = value
    for _ in 0..<Integer.bitWidth / 8 {
      append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// The integer whose bytes start at an index.
  func littleEndian<Integer: FixedWidthInteger>(
    at start: Int, as type: Integer.Type = Integer.self
  ) -> Integer {
    var value: Integer = 0
    for place in stride(from: Integer.bitWidth / 8 - 1, through: 0, by: -1) {
      value = value << 8 | Integer(truncatingIfNeeded: self[start + place])
    }
    return value
  }
}
