import ExperimentKit

/// The commands of the program.
enum Command {
  private static let commands:
    [(name: String, run: @Sendable ([String]) throws(CommandError) -> ExitCode)] = [
      ("list", ListCommand.run), ("validate", ValidateCommand.run), ("run", RunCommand.run),
      ("status", StatusCommand.run), ("merge", MergeCommand.run),
      ("compare", CompareCommand.run), ("report", ReportCommand.run),
      ("verify", VerifyCommand.run),
      ("slurm", SlurmCommand.run), ("bound", BoundCommand.run), ("plan", PlanCommand.run),
      ("replay", ReplayCommand.run),
      ("bench", BenchCommand.run),
    ]

  /// Runs the command that the words name.
  static func run(_ words: [String]) throws(CommandError) -> ExitCode {
    guard let first = words.first else {
      throw CommandError("no command given; see prunebounds --help")
    }
    let rest = Array(words.dropFirst())
    if first == "--version" {
      Terminal.write("prunebounds \(Engine.programVersion) (engine \(Engine.version))\n")
      return .done
    }
    if ["--help", "-h", "help"].contains(first) || rest.contains("--help") || rest.contains("-h") {
      Terminal.write(Help.text)
      return .done
    }
    guard let command = commands.first(where: { $0.name == first }) else {
      let near = Nearest.suggestion(for: first, among: commands.map(\.name))
      throw CommandError(
        "unknown command \"\(first)\"; " + (near.isEmpty ? "see prunebounds --help" : near))
    }
    return try command.run(rest)
  }
}
