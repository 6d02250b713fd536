import Foundation
import PruningModel

/// What the journal costs: the rate of trials that are kept beside that of trials that are thrown away,
/// in turns, since the rates of most machines wander.
public struct JournalOverhead: Sendable {
  /// Trials per second without a journal, each round.
  public let plainRates: [Double]
  /// Trials per second into a journal and in order, flushed to disk, each round.
  public let keptRates: [Double]

  /// A trial of this width takes some 20 microseconds of two cores.
  public static let width = 48
  private static let rounds = 7

  /// The median over the rounds of the share of the rate that the journal takes.
  public var share: Double {
    let shares = zip(plainRates, keptRates).map { 1 - $1 / $0 }.sorted()
    return shares[shares.count / 2]
  }

  /// Measures, for `seconds` each of the `2 · rounds` times.
  ///
  /// - Parameters:
  ///   - folder: a folder that is not there yet; it is removed again.
  ///   - threads: the number of queues, at least 1.
  ///   - seconds: above 0.
  public init(
    in folder: String, threads: Int, seconds: Double
  ) throws(ResultsFolderError) {
    let benchmark = Benchmark(
      network: .fullyConnected(width: Self.width), method: .random, threads: threads,
      seconds: seconds)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var (plain, kept): ([Double], [Double]) = ([], [])
    for _ in 0..<Self.rounds {
      let rate = benchmark.rate()
      plain.append(rate)
      let configuration = Self.configuration(trials: max(1, Int(rate * seconds)))
      let run = try ExperimentRun(configuration, in: ResultsFolder(folder), threads: threads)
      let clock = ContinuousClock()
      let start = clock.now
      _ = try run.compute()
      kept.append(Double(run.computed) / ((clock.now - start) / .seconds(1)))
      try? FileManager.default.removeItem(atPath: folder)
    }
    (plainRates, keptRates) = (plain, kept)
  }

  /// The benchmark's workload as an experiment.
  private static func configuration(trials: Int) -> Configuration {
    let widths = [Int](repeating: width, count: 5).map(String.init).joined(separator: ",")
    let text = """
      {"claim": "the standard workload", "network": {"kind": "fullyConnected", "widths": [\(widths)]},
       "weights": {"law": "uniform", "scale": \(3.0.squareRoot())},
       "pruning": {"method": "random", "alpha": 0.3, "layers": "hidden"}, "inputs": {"count": 64},
       "delta": 0.05, "trials": \(trials), "seed": 1}
      """
    do {
      return try Configuration(text: Data(text.utf8), file: "")
    } catch {
      preconditionFailure("the benchmark's own configuration is valid: \(error)")
    }
  }
}
