import Dispatch
import ExperimentKit
import Foundation

/// Turns the signals that ask a process to end into a request to stop in good order; the second one
/// ends it at once. A signal that was ignored when the program started stays ignored.
final class Interruption {
  /// Made by the first signal.
  let stop = StopRequest()
  private let sources: [any DispatchSourceSignal]

  init() {
    let stop = stop
    let queue = DispatchQueue(label: "signals")
    sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
      if Self.isIgnored(signal(number, SIG_IGN)) { return nil }
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        if stop.isMade { _exit(ExitCode.interrupted.rawValue) }
        stop.make()
      }
      source.resume()
      return source
    }
  }

  private static func isIgnored(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
    unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  deinit {
    for source in sources { source.cancel() }
  }
}
