import Foundation

/// A lock on a file that ends with the process, however it ends.
final class FileLock {
  /// The descriptor that the lock belongs to.
  let descriptor: Int32

  enum Mode {
    /// Nobody else.
    case exclusive
    /// Others that share it too.
    case shared
  }

  /// Opens, or creates, a file and locks it.
  ///
  /// - Returns: nil if another process holds it.
  init?(_ path: String, _ mode: Mode) throws(ResultsFolderError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .inputOutput(
        "\(path): cannot be written (\(String(cString: strerror(errno)))); check permissions, or "
          + "name another folder with --output")
    }
    let operation = (mode == .exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB
    // Somebody may just be looking, with `isHeld`: that takes no longer than a moment.
    for _ in 0..<10 where flock(descriptor, operation) != 0 {
      // A file system without locks is no reason to compute nothing: rows are named by what they
      // depend on, so two runs at once cost time and no result.
      guard errno == EWOULDBLOCK else { return }
      usleep(20_000)
    }
    if flock(descriptor, operation) != 0 && errno == EWOULDBLOCK { return nil }
  }

  deinit { close(descriptor) }

  /// Whether another process holds the exclusive lock of a file.
  static func isHeld(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
