import Foundation

/// Reads a journal frame by frame, in memory for one frame: what is damaged is passed over and
/// remembered.
struct JournalReader {
  private let path: String
  private let handle: FileHandle
  private var buffer: [UInt8] = []
  /// The place in the file of the buffer's first byte.
  private var base: UInt64 = 0
  private var position = 0
  private var isAtEnd = false
  private static let chunk = 1 << 18

  /// The stretches of bytes, followed by a whole frame, that are no frames.
  private(set) var damage: [Range<UInt64>] = []
  /// The place behind the last whole frame.
  private(set) var end: UInt64 = 0
  /// The file's length as far as it was read.
  var length: UInt64 { base + UInt64(buffer.count) }

  init(_ path: String) throws(ResultsFolderError) {
    self.path = path
    do {
      handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    } catch {
      throw .inputOutput("\(path): cannot be read (\(ResultsFolder.reason(error)))")
    }
  }

  /// Reads on until `count` bytes stand from the position on, or the file ends.
  private mutating func fill(_ count: Int) throws(ResultsFolderError) {
    guard buffer.count - position < count, !isAtEnd else { return }
    buffer.removeFirst(position)
    base += UInt64(position)
    position = 0
    while buffer.count < count && !isAtEnd {
      do {
        let more = try handle.read(upToCount: max(Self.chunk, count - buffer.count)) ?? Data()
        buffer += more
        isAtEnd = more.isEmpty
      } catch {
        throw .inputOutput("\(path): cannot be read (\(ResultsFolder.reason(error)))")
      }
    }
  }

  /// The next whole frame; nil at the end of the file.
  mutating func next() throws(ResultsFolderError) -> JournalFrame? {
    while true {
      try fill(JournalFrame.headSize)
      guard buffer.count - position >= JournalFrame.headSize else { return nil }
      if let length = JournalFrame.payloadLength(buffer, at: position) {
        let size = JournalFrame.headSize + length + JournalFrame.tailSize
        try fill(size)
        if buffer.count - position >= size,
          let frame = JournalFrame(buffer, at: position, payloadLength: length)
        {
          let start = base + UInt64(position)
          if start > end { damage.append(end..<start) }
          position += size
          end = start + UInt64(size)
          return frame
        }
      }
      position += 1
    }
  }
}
