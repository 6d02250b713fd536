import Dispatch
import Foundation
import PruningModel

/// Runs the trials of all cells at once on serial Dispatch queues, one a thread.
///
/// The queues take small pieces of work from one list, so that no core idles at the end of a cell;
/// expensive cells come first, so that the last pieces are short. A trial depends on its address
/// alone, so the records do not depend on how many queues there are or which took what.
public struct ExperimentRunner {
  private let configuration: Configuration
  private let threads: Int

  /// - Parameters:
  ///   - configuration: the experiment.
  ///   - threads: the number of queues, at least 1.
  /// - Throws: an error if the workers' memory exceeds the machine's.
  public init(_ configuration: Configuration, threads: Int) throws(ConfigurationError) {
    self.configuration = configuration
    self.threads = threads
    let worker = configuration.cells.map(\.design.workspaceBytes).max() ?? 0
    let memory = ProcessInfo.processInfo.physicalMemory
    if Double(worker) * Double(threads) > Double(memory) {
      throw ConfigurationError(
        place: "--threads \(threads)",
        message: "each thread needs \(gibibytes(worker)) of memory, this machine has "
          + "\(gibibytes(Int(memory))); use fewer threads")
    }
  }

  /// Every trial of every cell, in (cell, trial) order; of a cell that runs until it is decided, those
  /// up to the decision.
  ///
  /// - Parameter progress: called now and then with the trials done and the total in sight.
  public func run(progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }) -> [TrialRecord] {
    if configuration.untilDecided { return runUntilDecided(progress: progress) }
    return run(configuration.cells.map { _ in 0..<configuration.trials }, progress: progress)
  }

  /// Runs rounds of trials in all undecided cells, each round half as many again, and drops what
  /// turns out to lie past a decision, so that rounds and threads leave no trace.
  private func runUntilDecided(progress: (_ done: Int, _ total: Int) -> Void) -> [TrialRecord] {
    var judges = SequentialJudge.judges(of: configuration)
    var kept = configuration.cells.map { _ in [TrialRecord]() }
    var goal = 64
    while true {
      goal = min(goal, configuration.trials)
      let ranges = judges.map { $0.isDecided ? 0..<0 : $0.trials..<goal }
      guard ranges.contains(where: { !$0.isEmpty }) else { return Array(kept.joined()) }
      let done = kept.reduce(0) { $0 + $1.count }
      for record in run(ranges, progress: { progress(done + $0, done + $1) })
      where judges[record.cell].observe(record) {
        kept[record.cell].append(record)
      }
      goal += goal / 2
    }
  }

  private func run(
    _ ranges: [Range<Int>], progress: (_ done: Int, _ total: Int) -> Void
  ) -> [TrialRecord] {
    let work = WorkList(configuration, ranges)
    let group = DispatchGroup()
    for index in 0..<threads {
      DispatchQueue(label: "trials.\(index)").async(group: group) {
        [configuration] in
        var runner = TrialRunner()
        while let piece = work.take() {
          work.finish(Self.records(of: piece, configuration, &runner))
        }
      }
    }
    let total = ranges.reduce(0) { $0 + $1.count }
    while group.wait(timeout: .now() + .milliseconds(200)) == .timedOut {
      progress(work.finishedTrials, total)
    }
    return work.records()
  }

  private static func records(
    of piece: WorkList.Piece, _ configuration: Configuration, _ runner: inout TrialRunner
  ) -> [TrialRecord] {
    let cell = configuration.cells[piece.cell]
    return piece.trials.map { trial in
      let address = configuration.address(cell: piece.cell, trial: trial)
      let outcome: Result<TrialMeasurement, TrialFailure>
      do throws(TrialFailure) {
        outcome = .success(try runner.measure(cell.design, at: address))
      } catch {
        outcome = .failure(error)
      }
      return TrialRecord(cell: piece.cell, trial: trial, outcome: outcome)
    }
  }
}

/// The trials still to be run and the records of those that were; shared by the queues.
private final class WorkList: @unchecked Sendable {
  struct Piece {
    let cell: Int
    let trials: Range<Int>
  }

  private let lock = NSLock()
  /// Cells in falling order of cost: the trials left, and how many to take at once.
  private var queue: [(cell: Int, trials: Range<Int>, stride: Int)]
  private var place = 0
  private var finished: [[TrialRecord]] = []

  /// A piece is about a millisecond of work, a lock well below a microsecond.
  private static let pieceCost = 2e7

  init(_ configuration: Configuration, _ ranges: [Range<Int>]) {
    let costs = configuration.cells.map { Self.cost($0.design) }
    let order = costs.indices.sorted { (costs[$0], $1) > (costs[$1], $0) }
    queue = order.filter { !ranges[$0].isEmpty }.map { cell in
      (cell, ranges[cell], max(1, min(1024, Int(Self.pieceCost / costs[cell]))))
    }
  }

  /// Roughly the multiply-adds of a trial, the drawing of a weight counted as eight.
  private static func cost(_ design: TrialDesign) -> Double {
    let weights = design.shapes.reduce(0) { $0 + $1.multiplyAdds }
    if design.kind == .matrix {
      let shape = design.shapes[0]
      return 1000 + Double(weights) * 8 * Double(min(shape.weightRows, shape.weightColumns))
    }
    return 1000 + Double(weights) * (8 + 2 * Double(design.inputs.count))
  }

  func take() -> Piece? {
    lock.withLock {
      guard place < queue.count else { return nil }
      let (cell, trials, stride) = queue[place]
      let end = min(trials.upperBound, trials.lowerBound + stride)
      queue[place].trials = end..<trials.upperBound
      if end == trials.upperBound { place += 1 }
      return Piece(cell: cell, trials: trials.lowerBound..<end)
    }
  }

  func finish(_ records: [TrialRecord]) { lock.withLock { finished.append(records) } }

  var finishedTrials: Int { lock.withLock { finished.reduce(0) { $0 + $1.count } } }

  func records() -> [TrialRecord] {
    finished.sort { ($0[0].cell, $0[0].trial) < ($1[0].cell, $1[0].trial) }
    return Array(finished.joined())
  }
}
