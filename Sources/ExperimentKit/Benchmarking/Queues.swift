import Dispatch
import Foundation

/// Measurements on several serial queues at once.
enum Queues {
  /// The sum of what `work` returns on each of `count` queues that run at the same time.
  static func sum(_ count: Int, _ work: @escaping @Sendable (_ index: Int) -> Double) -> Double {
    let tally = Tally()
    let group = DispatchGroup()
    for index in 0..<count {
      DispatchQueue(label: "bench.\(index)").async(group: group) { tally.add(work(index)) }
    }
    group.wait()
    return tally.total
  }

  private final class Tally: @unchecked Sendable {
    private let lock = NSLock()
    private var sum = 0.0
    func add(_ value: Double) { lock.withLock { sum += value } }
    var total: Double { lock.withLock { sum } }
  }
}
