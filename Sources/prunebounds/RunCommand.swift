import ExperimentKit
import ExperimentReport
import Foundation

/// `prunebounds run NAME|FILE`: runs an experiment into its results folder and prints the verdicts.
enum RunCommand {
  static func run(_ words: [String]) throws(CommandError) -> ExitCode {
    let arguments = try Arguments(
      words, valued: ["--trials", "--seed", "--measure", "--threads", "--output"],
      flags: ["--fresh", "--dry-run", "--quiet"])
    let source = ExperimentSource(try arguments.operand("experiment"))
    var overrides = Configuration.Overrides()
    overrides.trials = try arguments.integer("--trials", in: 1...(1 << 32))
    overrides.seed = try arguments.integer("--seed", in: 0...UInt64.max)
    overrides.measure = arguments["--measure"].map { $0.split(separator: ",").map(String.init) }
    let cores = UInt64(ProcessInfo.processInfo.activeProcessorCount)
    let threads = Int(try arguments.integer("--threads", in: 1...1024) ?? cores)
    let configuration = try source.configuration(overrides)
    let folder = ResultsFolder(arguments["--output"] ?? source.resultsPath)
    if arguments.has("--dry-run") {
      describe(configuration, folder)
      return .done
    }
    do throws(ResultsFolderError) {
      if arguments.has("--fresh") {
        for file in try folder.clear() { Terminal.writeError("removed \(file)\n") }
      }
      if try !folder.isFinished(configuration) {
        try folder.open(for: configuration)
        try compute(
          configuration, folder, threads: threads,
          progress: Terminal.showsProgress && !arguments.has("--quiet"))
      }
    } catch {
      throw CommandError(error)
    }
    return try CompareCommand.show(source.name, folder)
  }

  /// Says what a run would do.
  private static func describe(_ configuration: Configuration, _ folder: ResultsFolder) {
    for (index, cell) in configuration.cells.enumerated() {
      let named = zip(Cell.parameterNames, cell.parameters).filter { !$0.1.isEmpty }
      Terminal.write("cell \(index): " + named.map { "\($0)=\($1)" }.joined(separator: ", ") + "\n")
    }
    Terminal.write(
      "\(configuration.size) into \(folder.path)\n")
  }

  private static func compute(
    _ configuration: Configuration, _ folder: ResultsFolder, threads: Int, progress: Bool
  ) throws(ResultsFolderError) {
    let runner: ExperimentRunner
    do throws(ConfigurationError) {
      runner = try ExperimentRunner(configuration, threads: threads)
    } catch {
      throw .conflict(error.description)
    }
    let clock = ContinuousClock()
    var records: [TrialRecord] = []
    let time = clock.measure {
      records = runner.run { done, total in
        if progress { Terminal.writeError("\r\(done) of \(total) trials") }
      }
    }
    if progress { Terminal.writeError("\r\u{1B}[K") }
    let before = try folder.contents(.manifest).flatMap { Manifest($0) }
    let manifest = Manifest(
      configuration, threads: threads, wallTime: time / .seconds(1), records: records,
      isExtension: before?.isExtended(by: configuration) ?? false)
    try ResultsWriter(folder).write(configuration, records, manifest)
  }
}
