import ExperimentKit
import ExperimentReport
import Foundation

/// `prunebounds verify NAME|DIR`: recomputes rows and summary.
enum VerifyCommand {
  static let command = Command(
    name: "verify", summary: "recompute rows and summary, and compare every digit",
    usage: ["NAME|DIR [options]"], operand: .experiment,
    options: [
      .value("--sample", "N", "rows to compute once more (100), or all"),
      .value("--threads", "N", "serial queues (default: one a core)"),
    ],
    examples: [
      .init(words: "verify quickstart --sample all", meaning: "exit code 1 if a digit differs")
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandError) -> ExitCode {
    let (_, folder) = ExperimentSource.results(try arguments.operand("experiment or folder"))
    var sample: Int? = 100
    if arguments["--sample"] == "all" {
      sample = nil
    } else if let count = try arguments.integer("--sample", in: 0...(1 << 40)) {
      sample = Int(count)
    }
    let threads = try RunCommand.threads(arguments)
    let verification: Verification
    do throws(ResultsFolderError) {
      verification = try Verification(folder, sample: sample, threads: threads)
    } catch {
      throw CommandError(error)
    }
    for line in verification.differences { Terminal.write(line + "\n") }
    let more = verification.differenceCount - verification.differences.count
    if more > 0 { Terminal.write("and \(more) more\n") }
    let scope = "\(verification.recomputed) of \(verification.rows) rows"
    if verification.differenceCount > 0 {
      Terminal.write("\(folder.path): differs; \(scope) were computed once more\n")
      return .violated
    }
    Terminal.write(
      "\(folder.path): \(scope) and the whole summary were computed once more: every bit is the same\n"
    )
    return .done
  }
}
