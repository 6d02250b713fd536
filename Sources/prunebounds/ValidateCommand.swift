import ExperimentKit

/// `prunebounds validate [NAME|FILE ...]`: reads configurations and says what is wrong with them.
enum ValidateCommand {
  static let command = Command(
    name: "validate", summary: "read configurations and say what is wrong with them",
    usage: ["[NAME|FILE ...]"], operand: .experiment,
    examples: [
      .init(words: "validate", meaning: "all in ./experiments"),
      .init(words: "validate draft.json", meaning: "one file, wherever it is"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandError) -> ExitCode {
    let named = arguments.operands
    var code = ExitCode.done
    for word in named.isEmpty ? try ExperimentSource.names() : named {
      let source = ExperimentSource(word)
      do throws(CommandError) {
        let configuration = try source.configuration()
        Terminal.write("\(source.file): valid, \(configuration.size)\n")
      } catch {
        Terminal.writeError("prunebounds: \(error.message)\n")
        code = error.code
      }
    }
    return code
  }
}
