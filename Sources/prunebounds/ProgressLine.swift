import ExperimentKit
import Foundation

/// One line on a terminal that says how far a run is; it never takes more than the terminal's width.
final class ProgressLine {
  /// When the line was first shown of so many trials, and those done then, which tell nothing of the rate.
  private var start: (time: ContinuousClock.Instant, done: Int, total: Int)?

  /// Shows how far a run is.
  func show(_ progress: RunProgress) {
    let (done, total) = (progress.done, progress.total)
    let now = ContinuousClock.now
    // Trials that end when they decide come in rounds.
    if start?.total != total { start = (now, done, total) }
    let first = start ?? (now, done, total)
    var text = "\(done) of \(total) trials"
    if done > first.done {
      let elapsed = (now - first.time) / .seconds(1)
      let rate = Double(done - first.done) / elapsed
      text += String(format: rate < 100 ? ", %.2g/s" : ", %.0f/s", rate)
      text += ", " + Self.duration(elapsed * progress.workLeft / (1 - progress.workLeft)) + " left"
    }
    text += ", \(progress.failed) failed"
    let verdicts = progress.verdicts.map { "\($1) \($0.rawValue)" }.joined(separator: ", ")
    if !verdicts.isEmpty { text += "; so far " + verdicts }
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
