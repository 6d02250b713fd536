import ExperimentKit
import ExperimentReport

/// `prunebounds compare NAME|DIR`: the verdict table, from the files alone.
enum CompareCommand {
  static let command = Command(
    name: "compare", summary: "the table of verdicts, from the files alone",
    usage: ["NAME|DIR"], operand: .experiment,
    examples: [.init(words: "compare quickstart", meaning: "exit code 1 if a bound is violated")],
    run: run)

  private static func run(_ arguments: Arguments) throws(CommandError) -> ExitCode {
    let (name, folder) = ExperimentSource.results(try arguments.operand("experiment or folder"))
    return try show(name, folder)
  }

  /// Prints the table of a results folder.
  ///
  /// - Returns: `violated` if a verdict is.
  static func show(_ name: String, _ folder: ResultsFolder) throws(CommandError) -> ExitCode {
    do throws(ResultsFolderError) {
      guard let configuration = try folder.configuration(),
        try folder.contents(.summary) != nil
      else {
        throw .conflict(
          "\(folder.path): there are no finished results; prunebounds run \(name) makes them")
      }
      guard let table = try table(name, folder) else {
        throw .inputOutput(
          "\(folder.path(.summary)): is not a summary of this version; run the experiment again")
      }
      Terminal.write(table.text(coloured: Terminal.isColoured))
      let manifest = try folder.contents(.manifest).flatMap { Manifest($0) }
      for warning in ResultsStanding.warnings(manifest, configuration, name: name) {
        Terminal.write(warning + "\n")
      }
      return table.hasViolation ? .violated : .done
    } catch {
      throw CommandError(error)
    }
  }

  /// The table of a results folder; nil if its summary is none, or of another version.
  static func table(
    _ name: String, _ folder: ResultsFolder
  ) throws(ResultsFolderError) -> VerdictTable? {
    guard let configuration = try folder.configuration(),
      let summary = try folder.contents(.summary),
      let rows = CSVTable(String(decoding: summary, as: UTF8.self))
    else { return nil }
    let scaling = try folder.contents(.scaling).map { String(decoding: $0, as: UTF8.self) }
    return VerdictTable(
      title: name, configuration: configuration, summary: rows,
      scaling: scaling.flatMap { CSVTable($0) })
  }
}

extension CommandError {
  init(_ error: ResultsFolderError) {
    switch error {
    case .conflict(let message): self.init(message, code: .usage)
    case .inputOutput(let message): self.init(message, code: .resource)
    case .stopped(let message): self.init(message, code: .interrupted)
    }
  }
}
