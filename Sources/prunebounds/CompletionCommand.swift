import Foundation

/// `prunebounds completion bash|zsh|fish`: a script that completes commands, options and experiments.
enum CompletionCommand {
  private static let shells: [(name: String, script: @Sendable () -> String)] = [
    ("bash", { bash }), ("zsh", { zsh }), ("fish", { fish }),
  ]

  static let command = Command(
    name: "completion", summary: "a script that completes words in bash, zsh or fish",
    usage: ["bash|zsh|fish"], operand: .choice(shells.map(\.name)),
    examples: [
      .init(
        words: "completion bash >~/.local/share/bash-completion/completions/prunebounds",
        meaning: "for every bash from now on"),
      .init(
        words: "completion zsh >\"${fpath[1]}/_prunebounds\"",
        meaning: "for every zsh from now on, where compinit is used"),
      .init(
        words: "completion fish >~/.config/fish/completions/prunebounds.fish",
        meaning: "for every fish from now on"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandError) -> ExitCode {
    let name = try arguments.operand("shell")
    guard let shell = shells.first(where: { $0.name == name }) else {
      throw CommandError("got \(name); expected bash, zsh or fish")
    }
    Terminal.write(shell.script())
    return .done
  }

  /// Prints the experiments under the working directory; the same in bash and zsh.
  private static let experiments = """
    _prunebounds_experiments() {
      local file
      for file in experiments/*.json; do
        [ -e "$file" ] || continue
        file=${file#experiments/}
        echo "${file%.json}"
      done
    }
    """

  private static var names: String {
    (Command.all.map(\.name) + ["--help", "--version"]).joined(separator: " ")
  }

  /// A case for each option with a value: its choices, or a folder, or nothing that could be known.
  private static func valueCases(_ folders: String) -> String {
    Command.all.flatMap { command in
      command.options.compactMap { option -> String? in
        guard option.value != nil else { return nil }
        let action =
          option.value == "DIR"
          ? folders
          : option.choices.isEmpty ? "" : "offers=\"\(option.choices.joined(separator: " "))\""
        return "    '\(command.name) \(option.name)') \(action.isEmpty ? ":" : action) ;;\n"
      }
    }.joined()
  }

  /// A case for each command: its operands and options.
  private static var wordCases: String {
    Command.all.map { command in
      var words = command.options.map(\.name) + ["--help"]
      switch command.operand {
      case .command: words = Command.all.map(\.name)
      case .none: break
      case .experiment: words.insert("$(_prunebounds_experiments)", at: 0)
      case .choice(let choices): words = choices + words
      }
      return "        \(command.name)) offers=\"\(words.joined(separator: " "))\" ;;\n"
    }.joined()
  }

  private static var bash: String {
    """
    # Completion of prunebounds for bash.
    \(experiments)

    _prunebounds() {
      local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} offers=
      COMPREPLY=()
      if [ "$COMP_CWORD" = 1 ]; then
        COMPREPLY=($(compgen -W "\(names)" -- "$word"))
        return
      fi
      case "${COMP_WORDS[1]} $before" in
    \(valueCases("COMPREPLY=($(compgen -d -- \"$word\")); return"))    *)
        case "${COMP_WORDS[1]}" in
    \(wordCases)    esac
        case "$word" in */*) COMPREPLY=($(compgen -f -- "$word")) ;; esac
        ;;
      esac
      COMPREPLY+=($(compgen -W "$offers" -- "$word"))
    }

    complete -o filenames -F _prunebounds prunebounds

    """
  }

  private static var zsh: String {
    """
    #compdef prunebounds
    # Completion of prunebounds for zsh.
    \(experiments)

    _prunebounds() {
      local command=${words[2]} before=${words[CURRENT-1]} offers=
      if (( CURRENT == 2 )); then
        compadd -- \(names)
        return
      fi
      case "$command $before" in
    \(valueCases("_files -/; return"))    *)
        case "$command" in
    \(wordCases)    esac
        case "${words[CURRENT]}" in */*) _files ;; esac
        ;;
      esac
      compadd -- ${=offers}
    }

    if [ "$funcstack[1]" = _prunebounds ]; then
      _prunebounds "$@"
    else
      compdef _prunebounds prunebounds
    fi

    """
  }

  private static var fish: String {
    var text = """
      # Completion of prunebounds for fish.
      function __prunebounds_experiments
          for file in experiments/*.json
              string replace -r '^experiments/(.*)\\.json$' '$1' $file
          end
      end

      complete -c prunebounds -n __fish_use_subcommand -f
      complete -c prunebounds -n __fish_use_subcommand -l help -l version

      """
    func quoted(_ text: String) -> String {
      "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
    for command in Command.all {
      let name = command.name
      text +=
        "complete -c prunebounds -n __fish_use_subcommand -a \(name) -d \(quoted(command.summary))\n"
      let seen = "complete -c prunebounds -n '__fish_seen_subcommand_from \(name)'"
      switch command.operand {
      case .command:
        text += seen + " -f -a \(quoted(Command.all.map(\.name).joined(separator: " ")))\n"
      case .none: text += seen + " -f\n"
      case .experiment: text += seen + " -a '(__prunebounds_experiments)'\n"
      case .choice(let choices):
        text += seen + " -f -a \(quoted(choices.joined(separator: " ")))\n"
      }
      for option in command.options {
        text += seen + " -l \(option.name.dropFirst(2)) -d \(quoted(option.meaning))"
        if option.value == "DIR" {
          text += " -r -F"
        } else if option.value != nil {
          text +=
            " -x"
            + (option.choices.isEmpty ? "" : " -a \(quoted(option.choices.joined(separator: " ")))")
        }
        text += "\n"
      }
    }
    return text
  }
}
