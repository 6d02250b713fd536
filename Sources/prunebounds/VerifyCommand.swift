import ExperimentKit
import ExperimentReport
import Foundation

/// `prunebounds verify NAME|DIR`: recomputes rows and summary.
enum VerifyCommand {
  static func run(_ words: [String]) throws(CommandError) -> ExitCode {
    let arguments = try Arguments(words, valued: ["--sample", "--threads"])
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
