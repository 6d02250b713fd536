import ExperimentKit
import Foundation

/// Reads a text line by line, in memory for a few of them.
struct LineReader {
  private let handle: FileHandle
  private var buffer = Data()
  private var isAtEnd = false
  private static let chunk = 1 << 18

  /// - Returns: nil if the file cannot be read.
  init?(_ path: String) {
    guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
    self.handle = handle
  }

  /// The next line without its end; what is no UTF-8 in it is replaced. Nil at the end of the file.
  mutating func next() -> String? {
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        defer { buffer = buffer[(end + 1)...] }
        return String(decoding: buffer[..<end], as: UTF8.self)
      }
      if isAtEnd {
        defer { buffer.removeAll() }
        return buffer.isEmpty ? nil : String(decoding: buffer, as: UTF8.self)
      }
      let more = (try? handle.read(upToCount: Self.chunk)) ?? Data()
      isAtEnd = more.isEmpty
      buffer = Data(buffer) + more
    }
  }
}
