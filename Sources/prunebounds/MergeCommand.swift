import ExperimentKit
import ExperimentReport

/// `prunebounds merge NAME|DIR [DIR ...]`: unites the journals of shards into the final files.
enum MergeCommand {
  static func run(_ words: [String]) throws(CommandError) -> ExitCode {
    let arguments = try Arguments(words)
    guard let word = arguments.operands.first else {
      throw CommandError("experiment or folder is missing; see prunebounds --help")
    }
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
