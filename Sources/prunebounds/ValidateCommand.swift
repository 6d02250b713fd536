import ExperimentKit

/// `prunebounds validate [NAME|FILE ...]`: reads configurations and says what is wrong with them.
enum ValidateCommand {
  static func run(_ words: [String]) throws(CommandError) -> ExitCode {
    let arguments = try Arguments(words)
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
