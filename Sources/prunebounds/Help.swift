/// What the program says of itself.
enum Help {
  /// What `prunebounds --help` prints.
  static var overview: String {
    """
    prunebounds: Monte Carlo experiments that check probabilistic bounds of pruned networks

    usage: prunebounds COMMAND ...

    \(lines(Command.all.map { ($0.name, $0.summary) }))
    prunebounds help COMMAND shows options and examples; prunebounds --version the version.

    \(words)

    """
  }

  private static let words = """
    NAME is a file experiments/NAME.json, its results are in results/NAME; a word with "/" or ending
    in ".json" is a path, of a file or of a results folder (DIR).
    exit codes: 0 done, 1 a bound is violated or a recomputed value differs, 2 usage or configuration,
    3 input/output, 130 stopped by a signal (run again to go on).
    """

  /// What `prunebounds help COMMAND` prints.
  static func text(of command: Command) -> String {
    var text = "prunebounds \(command.name): \(command.summary)\n\nusage:\n"
    for usage in command.usage { text += "  prunebounds \(command.name) \(usage)\n" }
    if !command.options.isEmpty {
      let options = command.options.map { option in
        (option.name + (option.value.map { " " + $0 } ?? ""), option.meaning)
      }
      text += "\noptions:\n" + lines(options)
    }
    text += "\nexamples:\n"
    for example in command.examples {
      text += "  prunebounds \(example.words)\n      \(example.meaning)\n"
    }
    return text
  }

  /// Two columns.
  private static func lines(_ pairs: [(String, String)]) -> String {
    let width = pairs.map(\.0.count).max() ?? 0
    return pairs.map { name, meaning in
      "  " + name + String(repeating: " ", count: width - name.count + 2) + meaning + "\n"
    }.joined()
  }
}

/// `prunebounds help [COMMAND]`.
enum HelpCommand {
  static let command = Command(
    name: "help", summary: "what a command takes, with examples", usage: ["[COMMAND]"],
    operand: .command,
    examples: [.init(words: "help run", meaning: "the options of run")], run: run)

  private static func run(_ arguments: Arguments) throws(CommandError) -> ExitCode {
    if arguments.operands.isEmpty {
      Terminal.write(Help.overview)
    } else {
      Terminal.write(Help.text(of: try Command.named(try arguments.operand("command"))))
    }
    return .done
  }
}
