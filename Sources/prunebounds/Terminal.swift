import Foundation

/// Where words go.
enum Terminal {
  /// Writes to standard output.
  static func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

  /// Writes to standard error.
  static func writeError(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  /// Colour only on a terminal, and never when `NO_COLOR` is set.
  static var isColoured: Bool {
    isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
  }

  /// Whether standard error is a terminal.
  static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }
}
