/// A unit of a journal: a mark, the payload's length, the payload, and the hash of length and payload.
///
/// A frame is whole or it is not there: the hash tells. After damage the next mark with the right hash
/// starts the next frame.
enum JournalFrame {
  /// What a writer says of itself when it starts.
  case session([UInt8])
  /// Rows of consecutive trials of one series.
  case rows(RowBlock)

  /// Rows of consecutive trials.
  struct RowBlock {
    /// The series' key.
    let key: UInt64
    /// The first trial.
    let first: Int
    /// The number of trials.
    let count: Int
    /// The rows, one after another.
    let bytes: [UInt8]
  }

  private static let mark: [UInt8] = Array("PBj1".utf8)
  /// Mark and length.
  static let headSize = 8
  /// The hash.
  static let tailSize = 8
  /// More is no frame: a worker's piece is far below, a configuration too.
  static let largestPayload = 1 << 24
  private static let blockHeadSize = 1 + 8 + 4 + 4

  private enum Kind: UInt8 {
    case session = 1
    case rows = 2
  }

  /// The frame's bytes.
  var bytes: [UInt8] {
    var payload: [UInt8] = []
    switch self {
    case .session(let text):
      payload.append(Kind.session.rawValue)
      payload += text
    case .rows(let block):
      payload.reserveCapacity(Self.blockHeadSize + block.bytes.count)
      payload.append(Kind.rows.rawValue)
      payload.append(littleEndian: block.key)
      payload.append(littleEndian: UInt32(block.first))
      payload.append(littleEndian: UInt32(block.count))
      payload += block.bytes
    }
    var bytes = Self.mark
    bytes.reserveCapacity(Self.headSize + payload.count + Self.tailSize)
    bytes.append(littleEndian: UInt32(payload.count))
    bytes += payload
    bytes.append(littleEndian: FNV1a.hash64(bytes[4...]))
    return bytes
  }

  /// The length of the payload of the frame whose head starts at an index, nil if none does.
  static func payloadLength(_ bytes: [UInt8], at start: Int) -> Int? {
    guard bytes[start..<start + 4].elementsEqual(mark) else { return nil }
    let length = Int(bytes.littleEndian(at: start + 4, as: UInt32.self))
    return length <= largestPayload ? length : nil
  }

  /// The frame that starts at an index and has a payload of the given length; nil if the hash is wrong
  /// or the payload makes no sense.
  init?(_ bytes: [UInt8], at start: Int, payloadLength length: Int) {
    let payload = start + Self.headSize
    let hash: UInt64 = bytes.littleEndian(at: payload + length)
    guard length > 0, FNV1a.hash64(bytes[start + 4..<payload + length]) == hash else { return nil }
    switch Kind(rawValue: bytes[payload]) {
    case .session: self = .session(Array(bytes[payload + 1..<payload + length]))
    case .rows:
      guard length >= Self.blockHeadSize else { return nil }
      self = .rows(
        RowBlock(
          key: bytes.littleEndian(at: payload + 1),
          first: Int(bytes.littleEndian(at: payload + 9, as: UInt32.self)),
          count: Int(bytes.littleEndian(at: payload + 13, as: UInt32.self)),
          bytes: Array(bytes[payload + Self.blockHeadSize..<payload + length])))
    case nil: return nil
    }
  }
}
