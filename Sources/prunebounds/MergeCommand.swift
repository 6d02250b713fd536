import ExperimentKit
import ExperimentReport

/// `prunebounds merge NAME|DIR [DIR ...]`: unites the journals of shards into the final files.
enum MergeCommand {
  static let command = Command(
    name: "merge", summary: "write the final files from the shards",
    usage: ["NAME|DIR [DIR ...]"], operand: .experiment,
    examples: [
      .init(words: "merge quickstart", meaning: "after the last of its shards"),
      .init(
        words: "merge quickstart here/quickstart there/quickstart",
        meaning: "with the journals of shards that ran elsewhere"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandError) -> ExitCode {
    let word = try arguments.firstOperand("experiment or folder")
    let (name, folder) = ExperimentSource.results(word)
    let others = arguments.operands.dropFirst().map { ExperimentSource.results($0).folder }
    do throws(ResultsFolderError) {
      var configuration = try folder.configuration()
      for other in others where configuration == nil { configuration = try other.configuration() }
      guard let configuration else {
        throw .conflict(
          "\(folder.path): there is no configuration.json; prunebounds run \(name) --shard 1/N makes it"
        )
      }
      let merge = try JournalMerge(configuration, in: folder, and: others)
      for line in merge.damage { Terminal.writeError("prunebounds: \(line)\n") }
      try Interruption.watching { stop throws(ResultsFolderError) in
        try RunCommand.write(merge.trials, work: nil, of: name, into: folder, stop: stop)
      }
      Terminal.write(
        "\(merge.trials.count) trials of \(configuration.cells.count) cells from \(merge.journals) "
          + "journals are in \(folder.path); prunebounds compare \(folder.argument) shows the verdicts\n"
      )
    } catch {
      throw CommandError(error)
    }
    return .done
  }
}
