import Dispatch
import ExperimentKit
import Foundation

/// Turns the signals that ask a process to end into a request to stop in good order; the second one ends
/// the process at once. A signal that was ignored when the program started stays ignored.
final class Interruption {
  /// Made by the first signal.
  private let stop = StopRequest()
  private var sources: [any DispatchSourceSignal] = []
  private var handlers: [(number: Int32, before: (@convention(c) (Int32) -> Void)?)] = []

  /// Runs a body that such signals stop.
  static func watching<Result, Failure>(
    _ body: (StopRequest) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let interruption = Interruption()
    defer { withExtendedLifetime(interruption) {} }
    return try body(interruption.stop)
  }

  private init() {
    let queue = DispatchQueue(label: "signals")
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let before = signal(number, SIG_IGN)
      if Self.isIgnored(before) { continue }
      handlers.append((number, before))
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { [stop] in
        if stop.isMade { _exit(ExitCode.interrupted.rawValue) }
        stop.make()
      }
      source.resume()
      sources.append(source)
    }
  }

  private static func isIgnored(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
    unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  deinit {
    for source in sources { source.cancel() }
    for handler in handlers { signal(handler.number, handler.before) }
  }
}
