import Foundation

/// One line on a terminal that says how far a run is; it never takes more than the terminal's width.
final class ProgressLine {
  /// When the line was first shown, and the trials then: those before tell nothing of the rate.
  private var start: (time: ContinuousClock.Instant, done: Int)?

  /// Shows the trials done and those in sight.
  func show(done: Int, total: Int) {
    let now = ContinuousClock.now
    let first = start ?? (now, done)
    start = first
    var text = "\(done) of \(total) trials"
    if done > first.done {
      let rate = Double(done - first.done) / ((now - first.time) / .seconds(1))
      text += String(format: rate < 100 ? ", %.2g/s" : ", %.0f/s", rate)
      text += ", " + Self.duration(Double(total - done) / rate) + " left"
    }
    Terminal.writeError("\r" + text.prefix(max(0, Self.columns - 1)) + "\u{1B}[K")
  }

  /// Removes the line.
  func clear() { Terminal.writeError("\r\u{1B}[K") }

  private static func duration(_ seconds: Double) -> String {
    let whole = Int(min(seconds.rounded(.up), 1e9))
    if whole < 100 { return "\(whole) s" }
    if whole < 6000 { return "\((whole + 59) / 60) min" }
    return String(format: "%.1f h", Double(whole) / 3600)
  }

  private static var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
