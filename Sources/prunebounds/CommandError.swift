/// What ends a command early: one line on standard error, and the exit code.
struct CommandError: Error {
  let message: String
  let code: ExitCode

  init(_ message: String, code: ExitCode = .usage) {
    self.message = message
    self.code = code
  }
}

/// The exit codes other programs rely on.
enum ExitCode: Int32 {
  case done = 0
  /// A verdict is `violated`, or a recomputed value differs.
  case violated = 1
  /// Usage or configuration.
  case usage = 2
  /// Input, output or another resource.
  case resource = 3
  /// Stopped by a signal; running again continues.
  case interrupted = 130
}
