import ExperimentKit
import ExperimentReport
import Foundation

/// `prunebounds run NAME|FILE`: runs an experiment into its results folder and prints the verdicts.
enum RunCommand {
  static let command = Command(
    name: "run", summary: "run an experiment, or go on with it; write results, print the table",
    usage: ["NAME|FILE [options]", "--all [--threads N] [--fresh] [--quiet]"], operand: .experiment,
    options: [
      .value("--trials", "N", "as if written in the file"),
      .value("--seed", "S", "likewise"),
      .value(
        "--measure", "LIST", "likewise: ballLower, certificate or both",
        choices: ["ballLower", "certificate", "ballLower,certificate"]),
      .value("--threads", "N", "serial queues (default: one a core)"),
      .value("--output", "DIR", "where results go (default: results/NAME)"),
      .value("--shard", "I/N", "one of N parts; merge unites them"),
      .flag("--all", "every experiment whose results are missing or stale, then all reports"),
      .flag("--fresh", "remove earlier results first"),
      .flag("--dry-run", "say what would be run"),
      .flag("--quiet", "no progress on a terminal"),
    ],
    examples: [
      .init(
        words: "run quickstart", meaning: "experiments/quickstart.json, into results/quickstart"),
      .init(
        words: "run quickstart --trials 10000", meaning: "more trials; those there are stay"),
      .init(
        words: "run laws --shard 3/8 --threads 1", meaning: "the third of eight parts, for one core"
      ),
      .init(
        words: "run draft.json --output try --dry-run", meaning: "the cells that there would be"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandError) -> ExitCode {
    if arguments.has("--all") { return try RunAll.run(arguments) }
    let source = ExperimentSource(try arguments.operand("experiment"))
    var overrides = Configuration.Overrides()
    overrides.trials = try arguments.integer("--trials", in: 1...(1 << 32))
    overrides.seed = try arguments.integer("--seed", in: 0...UInt64.max)
    overrides.measure = arguments["--measure"].map { $0.split(separator: ",").map(String.init) }
    let threads = try Self.threads(arguments)
    let configuration = try source.configuration(overrides)
    let folder = ResultsFolder(arguments["--output"] ?? source.resultsPath)
    if arguments.has("--dry-run") {
      describe(configuration, folder)
      return .done
    }
    let shard = try Self.shard(arguments, configuration)
    let invocation = Invocation(
      name: source.name, arguments: arguments, configuration: configuration,
      folder: folder,
      shard: shard, threads: threads)
    do throws(ResultsFolderError) {
      if let code = try invocation.run() { return code }
    } catch {
      throw CommandError(error)
    }
    return try CompareCommand.show(source.name, folder)
  }

  /// The number of queues; one a core if it is not given.
  static func threads(_ arguments: Arguments) throws(CommandError) -> Int {
    let cores = UInt64(ProcessInfo.processInfo.activeProcessorCount)
    return Int(try arguments.integer("--threads", in: 1...1024) ?? cores)
  }

  private static func shard(
    _ arguments: Arguments, _ configuration: Configuration
  ) throws(CommandError) -> Shard? {
    guard let text = arguments["--shard"] else { return nil }
    guard let shard = Shard(text) else {
      throw CommandError("--shard: got \(text); expected I/N with 1 <= I <= N, for example 3/8")
    }
    if configuration.untilDecided {
      throw CommandError(
        "--shard: trials that end when they decide cannot be divided beforehand; "
          + "give trials a number, or leave --shard out")
    }
    if arguments.has("--fresh") {
      throw CommandError(
        "--fresh would remove the other shards too; remove the folder before the first shard starts"
      )
    }
    return shard
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

  /// Writes the final files.
  static func write(
    _ trials: FinishedTrials, work: Manifest.Work?, of name: String, into folder: ResultsFolder,
    stop: StopRequest
  ) throws(ResultsFolderError) {
    let configuration = trials.configuration
    let before = try folder.contents(.manifest).flatMap { Manifest($0) }
    try ResultsWriter(folder, stop: stop).write(trials) {
      summaries throws(ResultsFolderError) in
      Manifest(
        configuration, summaries: summaries, work: work,
        isExtension: before?.isExtended(by: configuration) ?? false)
    }
    _ = try ReportWriter(name, folder)
  }

  /// A run as it was asked for.
  struct Invocation {
    let name: String
    let arguments: Arguments
    let configuration: Configuration
    let folder: ResultsFolder
    let shard: Shard?
    let threads: Int

    /// - Returns: nil once the folder holds the final files.
    func run() throws(ResultsFolderError) -> ExitCode? {
      let isFresh = arguments.has("--fresh")
      if shard == nil, !isFresh, try folder.isFinished(configuration),
        try CompareCommand.table("", folder) != nil
      {
        return nil
      }
      let run = try ExperimentRun(
        configuration, in: folder, shard: shard, threads: threads,
        removing: isFresh ? { Terminal.writeError("removed \($0)\n") } : nil)
      for line in run.damage { Terminal.writeError("prunebounds: \(line)\n") }
      return try Interruption.watching { stop throws(ResultsFolderError) in
        let clock = ContinuousClock()
        let start = clock.now
        guard let trials = try compute(run, stop) else {
          let (done, total) = run.standing
          return shard != nil && done == total ? finished(run) : interrupted(done, total)
        }
        let work = Manifest.Work(
          threads: threads, wallTime: (clock.now - start) / .seconds(1), computed: run.computed)
        try RunCommand.write(trials, work: work, of: name, into: folder, stop: stop)
        return nil
      }
    }

    private func compute(
      _ run: ExperimentRun, _ stop: StopRequest
    ) throws(ResultsFolderError) -> FinishedTrials? {
      guard Terminal.showsProgress && !arguments.has("--quiet") else {
        return try run.compute(stop: stop)
      }
      let line = ProgressLine()
      defer { line.clear() }
      return try run.compute(stop: stop, progress: line.show)
    }

    private func interrupted(_ done: Int, _ total: Int) -> ExitCode {
      // Starting over would not be going on.
      let again = arguments.words.filter { $0 != "--fresh" }.joined(separator: " ")
      Terminal.writeError(
        "prunebounds: stopped with \(done) of \(configuration.untilDecided ? "at most " : "")\(total) "
          + "trials in the journal; "
          + "prunebounds run \(again) goes on\n")
      return .interrupted
    }

    private func finished(_ run: ExperimentRun) -> ExitCode {
      Terminal.write(
        "shard \(shard?.description ?? ""): \(run.standing.total) trials, \(run.computed) of them "
          + "computed now; after the last shard, prunebounds merge \(folder.argument)\n")
      return .done
    }
  }
}
