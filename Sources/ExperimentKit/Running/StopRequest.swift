import Synchronization

/// Asks a run to stop in good order; may be made from any thread.
public final class StopRequest: Sendable {
  private let made = Atomic(false)

  /// No request yet.
  public init() {}

  /// Makes the request.
  public func make() { made.store(true, ordering: .relaxed) }

  /// Whether it was made.
  public var isMade: Bool { made.load(ordering: .relaxed) }
}
