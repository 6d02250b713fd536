import ExperimentKit
import ExperimentReport

/// `prunebounds list`: the experiments and their claims.
enum ListCommand {
  static let command = Command(
    name: "list", summary: "the experiments and their claims", usage: [""],
    options: [.flag("--verdicts", "a Markdown table, with what ./results says of them")],
    examples: [
      .init(words: "list", meaning: "what there is in ./experiments"),
      .init(words: "list --verdicts", meaning: "and what came out"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandError) -> ExitCode {
    try arguments.noOperands(of: "list")
    let names = try ExperimentSource.names()
    if arguments.has("--verdicts") {
      try writeVerdicts(names)
      return .done
    }
    let width = names.map(\.count).max() ?? 0
    for name in names {
      let padded = name + String(repeating: " ", count: width - name.count + 2)
      Terminal.write(padded + description(of: name) + "\n")
    }
    return .done
  }

  /// A table with a link to each report.
  private static func writeVerdicts(_ names: [String]) throws(CommandError) {
    var text = "| experiment | claim | verdicts |\n|---|---|---|\n"
    for name in names {
      let source = ExperimentSource(name)
      let configuration = try source.configuration()
      let claim = configuration.claim.replacing("|", with: "\\|").replacing("<", with: "&lt;")
        .replacing("\n", with: " ")
      let verdicts = try verdicts(name, configuration, ResultsFolder(source.resultsPath))
      text += "| [`\(name)`](\(source.resultsPath)/report.html) | \(claim) | \(verdicts) |\n"
    }
    Terminal.write(text)
  }

  private static func verdicts(
    _ name: String, _ configuration: Configuration, _ folder: ResultsFolder
  ) throws(CommandError) -> String {
    do throws(ResultsFolderError) {
      guard let table = try CompareCommand.table(name, folder) else { return "no results" }
      return try folder.isCurrent(configuration) ? table.verdictText : "stale"
    } catch {
      throw CommandError(error)
    }
  }

  private static func description(of name: String) -> String {
    do throws(CommandError) {
      return try ExperimentSource(name).configuration().claim
    } catch {
      return "(not valid: see prunebounds validate \(name))"
    }
  }
}
