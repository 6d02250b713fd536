import ExperimentKit
import ExperimentReport
import Foundation

/// `prunebounds report NAME|DIR` and `report --all`: figures and pages from the files alone.
enum ReportCommand {
  static func run(_ words: [String]) throws(CommandError) -> ExitCode {
    let arguments = try Arguments(words, flags: ["--all"])
    do throws(ResultsFolderError) {
      if arguments.has("--all") {
        if let extra = arguments.operands.first { throw .conflict("--all takes no \(extra)") }
        let folders = try finished()
        _ = try IndexPage(folders, path: results + "/index.html")
        Terminal.write("\(folders.count) reports and \(results)/index.html are written\n")
        return .done
      }
    } catch {
      throw CommandError(error)
    }
    let (name, folder) = ExperimentSource.results(try arguments.operand("experiment or folder"))
    do throws(ResultsFolderError) {
      Terminal.write(try ReportWriter(name, folder).path + " is written\n")
    } catch {
      throw CommandError(error)
    }
    return .done
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
