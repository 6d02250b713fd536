import ExperimentKit
import ExperimentReport

/// `prunebounds run --all`: every experiment whose results are missing or stale, then all reports.
enum RunAll {
  static func run(_ arguments: Arguments) throws(CommandError) -> ExitCode {
    try arguments.noOperands(of: "run --all")
    let others = ["--trials", "--seed", "--measure", "--output", "--shard", "--dry-run"]
    if let other = others.first(where: arguments.has) {
      throw CommandError("--all goes with --threads, --fresh and --quiet only, not with \(other)")
    }
    let threads = try RunCommand.threads(arguments)
    // What is wrong with any is said before the first is run.
    var experiments: [(source: ExperimentSource, configuration: Configuration)] = []
    for name in try ExperimentSource.names() {
      let source = ExperimentSource(name)
      experiments.append((source, try source.configuration()))
    }
    var code = ExitCode.done
    for (source, configuration) in experiments {
      let folder = ResultsFolder(source.resultsPath)
      do throws(ResultsFolderError) {
        let isCurrent = try folder.isCurrent(configuration) && !arguments.has("--fresh")
        if !isCurrent {
          let invocation = RunCommand.Invocation(
            name: source.name, arguments: arguments, configuration: configuration, folder: folder,
            shard: nil, threads: threads)
          if let end = try invocation.run() { return end }
        }
        guard let table = try CompareCommand.table(source.name, folder) else {
          throw .inputOutput(
            "\(folder.path(.summary)): is not a summary of this version; run --all --fresh renews it"
          )
        }
        if table.hasViolation { code = .violated }
        Terminal.write(
          source.name + ": " + table.verdictText + (isCurrent ? ", as it was\n" : "\n"))
      } catch {
        throw CommandError(error)
      }
    }
    try ReportCommand.writeAll()
    return code
  }
}
