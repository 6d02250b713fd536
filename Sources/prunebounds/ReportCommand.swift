import ExperimentKit
import ExperimentReport
import Foundation

/// `prunebounds report NAME|DIR` and `report --all`: figures and pages from the files alone.
enum ReportCommand {
  static let command = Command(
    name: "report", summary: "write report.html and figures, from the files alone",
    usage: ["NAME|DIR", "--all"], operand: .experiment,
    options: [.flag("--all", "every folder in ./results, and results/index.html")],
    examples: [
      .init(
        words: "report quickstart", meaning: "results/quickstart/report.html and figures/*.svg"),
      .init(words: "report --all", meaning: "all of them, with a page that leads to them"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandError) -> ExitCode {
    if arguments.has("--all") {
      try arguments.noOperands(of: "--all")
      try writeAll()
      return .done
    }
    let (name, folder) = ExperimentSource.results(try arguments.operand("experiment or folder"))
    do throws(ResultsFolderError) {
      Terminal.write(try ReportWriter(name, folder).path + " is written\n")
    } catch {
      throw CommandError(error)
    }
    return .done
  }

  /// Writes the reports of all finished results, and the page that leads to them.
  static func writeAll() throws(CommandError) {
    do throws(ResultsFolderError) {
      let folders = try finished()
      _ = try IndexPage(folders, path: results + "/index.html")
      Terminal.write("\(folders.count) reports and \(results)/index.html are written\n")
    } catch {
      throw CommandError(error)
    }
  }

  private static let results = "results"

  /// The folders in `results` that hold finished results.
  private static func finished() throws(ResultsFolderError) -> [(String, ResultsFolder)] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: results)) ?? []).sorted()
    let folders = names.map { ($0, ResultsFolder(results + "/" + $0)) }.filter {
      FileManager.default.fileExists(atPath: $0.1.path(.summary))
    }
    if folders.isEmpty {
      throw .conflict("\(results): there are no finished results; prunebounds run NAME makes some")
    }
    return folders
  }
}
