/// The hash of Fowler, Noll and Vo in its 1a form: not against forgery, for telling apart.
enum FNV1a {
  /// The 32-bit hash.
  static func hash32(_ bytes: some Sequence<UInt8>) -> UInt32 {
    bytes.reduce(0x811c_9dc5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
  }

  /// The 64-bit hash.
  static func hash64(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }

  /// The 64-bit hash as sixteen hexadecimal digits.
  static func hexadecimal64(_ bytes: some Sequence<UInt8>) -> String {
    let digits = String(hash64(bytes), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
