import ExperimentKit
import ExperimentReport

/// `prunebounds status NAME|DIR`: what the journals hold, while runs are at work as well.
enum StatusCommand {
  static let command = Command(
    name: "status", summary: "trials there, missing and failed, by cell and shard",
    usage: ["NAME|DIR"], operand: .experiment,
    examples: [.init(words: "status quickstart", meaning: "also while runs are at work")],
    run: run)

  private static func run(_ arguments: Arguments) throws(CommandError) -> ExitCode {
    let (name, folder) = ExperimentSource.results(try arguments.operand("experiment or folder"))
    do throws(ResultsFolderError) {
      guard let configuration = try folder.configuration() else {
        throw .conflict(
          "\(folder.path): there is nothing yet; prunebounds run \(name) starts it")
      }
      let report = StatusReport(
        configuration, try JournalStatus(configuration, in: folder),
        files: try files(in: folder, configuration))
      Terminal.write(report.text)
    } catch {
      throw CommandError(error)
    }
    return .done
  }

  private static func files(
    in folder: ResultsFolder, _ configuration: Configuration
  ) throws(ResultsFolderError) -> StatusReport.FinalFiles {
    if try folder.isFinished(configuration) { return .all }
    guard try folder.contents(.summary) != nil else { return .none }
    let manifest = try folder.contents(.manifest).flatMap { Manifest($0) }
    return manifest?.describes(configuration) == true ? .summaryOnly : .stale
  }
}
