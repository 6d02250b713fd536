import Dispatch
import Foundation
import PruningModel

/// Runs trials of all series at once on serial Dispatch queues, one a thread.
///
/// The queues take small pieces of work from one list, so that no core idles at the end of a series;
/// expensive ones come first, so that the last pieces are short. A trial depends on its address
/// alone, so the rows do not depend on how many queues there are or which took what.
struct ExperimentRunner {
  private let series: [TrialSeries]
  private let layout: RecordLayout
  private let threads: Int

  /// How often rows are handed over, in milliseconds.
  private static let period = 100

  /// - Parameters:
  ///   - configuration: the experiment.
  ///   - threads: the number of queues, at least 1.
  /// - Throws: an error if the workers' memory exceeds the machine's.
  init(_ configuration: Configuration, threads: Int) throws(ConfigurationError) {
    series = configuration.series
    layout = RecordLayout(configuration)
    self.threads = threads
    let worker = series.map(\.design.workspaceBytes).max() ?? 0
    let memory = ProcessInfo.processInfo.physicalMemory
    if Double(worker) * Double(threads) > Double(memory) {
      throw ConfigurationError(
        place: "--threads \(threads)",
        message: "each thread needs \(gibibytes(worker)) of memory, this machine has "
          + "\(gibibytes(Int(memory))); use fewer threads")
    }
  }

  /// Runs trials and hands their rows over several times a second, in no order, on the calling thread.
  ///
  /// - Parameters:
  ///   - trials: what to run of each series.
  ///   - stop: the trials that are running when it is made are the last.
  ///   - deliver: takes the rows since it was last called, often none. If it throws, the run stops.
  func run(
    _ trials: [RangeSet<Int>], stop: StopRequest,
    deliver: ([WorkList.Rows]) throws(ResultsFolderError) -> Void
  ) throws(ResultsFolderError) {
    let work = WorkList(series, trials)
    let halt = StopRequest()
    let group = DispatchGroup()
    for index in 0..<threads {
      DispatchQueue(label: "trials.\(index)").async(group: group) { [self] in
        var runner = TrialRunner()
        while !stop.isMade, !halt.isMade, let piece = work.take() {
          work.finish(rows(of: piece, &runner))
        }
      }
    }
    do throws(ResultsFolderError) {
      while group.wait(timeout: .now() + .milliseconds(Self.period)) == .timedOut {
        try deliver(work.collect())
      }
      try deliver(work.collect())
    } catch {
      halt.make()
      group.wait()
      throw error
    }
  }

  private func rows(of piece: WorkList.Piece, _ runner: inout TrialRunner) -> WorkList.Rows {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(piece.trials.count * layout.byteCount)
    for trial in piece.trials {
      layout.append(series[piece.series].outcome(trial: trial, &runner), to: &bytes)
    }
    return WorkList.Rows(piece: piece, bytes: bytes)
  }
}
