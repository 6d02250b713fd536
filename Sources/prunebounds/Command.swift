import ExperimentKit

/// A command: what it is called, what it takes, what it does. Parsing, help and completion draw from it.
struct Command: Sendable {
  /// What an operand names, for completion.
  enum Operand: Sendable {
    case none
    /// Experiments, and files and folders.
    case experiment
    /// Commands of this program.
    case command
    case choice([String])
  }

  /// An option, with what it does.
  struct Option: Sendable {
    let name: String
    /// What stands for the value in help; nil for a flag.
    let value: String?
    let meaning: String
    /// The values there are, where they are few.
    let choices: [String]

    static func flag(_ name: String, _ meaning: String) -> Option {
      Option(name: name, value: nil, meaning: meaning, choices: [])
    }

    static func value(
      _ name: String, _ value: String, _ meaning: String, choices: [String] = []
    ) -> Option {
      Option(name: name, value: value, meaning: meaning, choices: choices)
    }
  }

  /// Words to type, and what they do.
  struct Example: Sendable {
    let words: String
    let meaning: String
  }

  let name: String
  /// One line.
  let summary: String
  /// What follows the name, a line each.
  let usage: [String]
  var operand = Operand.none
  var options: [Option] = []
  let examples: [Example]
  let run: @Sendable (Arguments) throws(CommandError) -> ExitCode

  /// All of them, in the order a user meets them.
  static let all = [
    ListCommand.command, ValidateCommand.command, RunCommand.command, StatusCommand.command,
    MergeCommand.command, CompareCommand.command, ReportCommand.command, VerifyCommand.command,
    SlurmCommand.command, BoundCommand.command, PlanCommand.command, ReplayCommand.command,
    BenchCommand.command, HelpCommand.command, CompletionCommand.command,
  ]

  /// The command of a name.
  static func named(_ name: String) throws(CommandError) -> Command {
    guard let command = all.first(where: { $0.name == name }) else {
      let near = Nearest.suggestion(for: name, among: all.map(\.name))
      throw CommandError(
        "unknown command \"\(name)\"; " + (near.isEmpty ? "see prunebounds --help" : near))
    }
    return command
  }

  /// Runs the command that the words name.
  static func run(_ words: [String]) throws(CommandError) -> ExitCode {
    guard let first = words.first else {
      throw CommandError("no command given; see prunebounds --help")
    }
    if first == "--version" {
      Terminal.write("prunebounds \(Engine.programVersion) (engine \(Engine.version))\n")
      return .done
    }
    if first == "--help" || first == "-h" {
      Terminal.write(Help.overview)
      return .done
    }
    let command = try named(first)
    let rest = Array(words.dropFirst())
    if rest.contains("--help") || rest.contains("-h") {
      Terminal.write(Help.text(of: command))
      return .done
    }
    return try command.run(try Arguments(rest, of: command))
  }
}
