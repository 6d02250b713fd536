import Foundation

/// Reads files that others name: of a device or another endless one, no more than a limit.
public enum BoundedFile {
  /// Why a file cannot be used.
  public enum Failure: Error {
    /// It is not there, or not to be read.
    case unreadable
    /// It is longer than the limit.
    case tooLarge
  }

  /// The content of a file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - limit: the most bytes it may have.
  public static func contents(_ path: String, limit: Int) throws(Failure) -> Data {
    guard let handle = FileHandle(forReadingAtPath: path),
      let data = try? handle.read(upToCount: limit + 1)
    else { throw .unreadable }
    if data.count > limit { throw .tooLarge }
    return data
  }
}
