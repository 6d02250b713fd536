import Foundation

/// A file being written under another name: it takes its own name once it is whole and flushed to
/// disk, so that no reader ever meets half of it.
public final class PartialFile {
  private let path: String
  /// Another one for each writer, since shards that start at once write the same configuration.
  private let partial: String
  private let handle: FileHandle
  private var buffer = Data()
  private static let bufferSize = 1 << 20
  private static let suffix = ".partial"

  /// - Parameter path: the name the file will have.
  public init(_ path: String) throws(ResultsFolderError) {
    self.path = path
    partial = path + "." + UUID().uuidString + Self.suffix
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .inputOutput(
        "\(path): cannot be written (\(Self.lastError)); check permissions and space")
    }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Removes what interrupted writers left in a folder.
  static func removeAll(in folder: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where name.hasSuffix(suffix) { unlink(folder + "/" + name) }
  }

  private static var lastError: String { String(cString: strerror(errno)) }

  /// Appends text.
  public func write(_ text: String) throws(ResultsFolderError) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  private func flush() throws(ResultsFolderError) {
    do {
      try handle.write(contentsOf: buffer)
      buffer.removeAll(keepingCapacity: true)
    } catch {
      discard()
      throw .inputOutput(
        "\(path): cannot be written (\(ResultsFolder.reason(error))); nothing was left, free some space"
      )
    }
  }

  /// Flushes to disk what was written; the file keeps its partial name.
  public func finish() throws(ResultsFolderError) {
    try flush()
    do {
      try handle.synchronize()
      try handle.close()
    } catch {
      discard()
      throw .inputOutput(
        "\(path): cannot be written (\(ResultsFolder.reason(error))); nothing was left, free some space"
      )
    }
  }

  /// Gives the finished file its name, in place of what had it before.
  public func rename() throws(ResultsFolderError) {
    guard Foundation.rename(partial, path) == 0 else {
      let reason = Self.lastError
      discard()
      throw .inputOutput("\(path): cannot be replaced (\(reason)); check permissions")
    }
    // The new name, too, is to survive a loss of power.
    let folder = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  /// Finishes the file and gives it its name.
  public func publish() throws(ResultsFolderError) {
    try finish()
    try rename()
  }

  /// Removes what was written.
  public func discard() {
    try? handle.close()
    unlink(partial)
  }
}
