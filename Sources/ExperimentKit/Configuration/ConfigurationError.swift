/// What is wrong in a configuration: where, what, and what would be accepted, on one line.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file, as the user named it.
  public let file: String
  /// The key path, or the line where the text is not JSON.
  public let place: String
  /// What was found and what would be accepted.
  public let message: String

  /// - Parameters:
  ///   - file: the file, as the user named it.
  ///   - place: key path or line.
  ///   - message: what was found, what would be accepted.
  public init(file: String = "", place: String, message: String) {
    self.file = file
    self.place = place
    self.message = message
  }

  /// `file: place: message`.
  public var description: String {
    [file, place, message].filter { !$0.isEmpty }.joined(separator: ": ")
  }
}
