import Foundation

/// Appends frames to a journal that it alone writes.
final class JournalWriter {
  private let path: String
  private let lock: FileLock
  private let handle: FileHandle
  private var end: UInt64

  /// Opens a journal, or creates it, and cuts off what an interrupted write left at its end.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - lock: on that file.
  ///   - end: the place behind the last whole frame.
  init(_ path: String, lock: FileLock, end: UInt64) throws(ResultsFolderError) {
    self.path = path
    self.lock = lock
    self.end = end
    handle = FileHandle(fileDescriptor: lock.descriptor, closeOnDealloc: false)
    try writing { try handle.truncate(atOffset: end) }
  }

  /// Appends frames.
  func append(_ frames: [JournalFrame]) throws(ResultsFolderError) {
    var bytes: [UInt8] = []
    for frame in frames { bytes += frame.bytes }
    guard !bytes.isEmpty else { return }
    try writing {
      do {
        try handle.write(contentsOf: Data(bytes))
      } catch {
        // The next writer would cut it off as well; this one may be looked at before.
        try? handle.truncate(atOffset: end)
        throw error
      }
    }
    end += UInt64(bytes.count)
  }

  /// Waits until what was appended is on the disk.
  func synchronize() throws(ResultsFolderError) { try writing { try handle.synchronize() } }

  private func writing(_ body: () throws -> Void) throws(ResultsFolderError) {
    do {
      try body()
    } catch {
      throw .inputOutput(
        "\(path): cannot be written (\(ResultsFolder.reason(error))); the trials before are kept: "
          + "free some space and run again")
    }
  }
}
