import ExperimentKit
import ExperimentReport

/// `prunebounds replay NAME|DIR CELL TRIAL`: one trial recomputed and looked into.
enum ReplayCommand {
  static let command = Command(
    name: "replay", summary: "recompute one trial and look into it, layer by layer",
    usage: ["NAME|DIR CELL TRIAL"], operand: .experiment,
    examples: [.init(words: "replay quickstart 0 7", meaning: "trial 7 of cell 0")], run: run)

  private static func run(_ arguments: Arguments) throws(CommandError) -> ExitCode {
    guard arguments.operands.count == 3 else {
      throw CommandError("replay takes an experiment or folder, a cell and a trial")
    }
    let word = arguments.operands[0]
    let configuration = try self.configuration(word)
    func number(_ place: Int, _ what: String, below limit: Int) throws(CommandError) -> Int {
      guard let value = Int(arguments.operands[place]), (0..<limit).contains(value) else {
        throw CommandError(
          "\(what): got \(arguments.operands[place]); expected an integer from 0 to \(limit - 1)")
      }
      return value
    }
    let cell = try number(1, "cell", below: configuration.cells.count)
    let trial = try number(2, "trial", below: configuration.trials)
    Terminal.write(ReplayReport(configuration, cell: cell, trial: trial).text)
    return .done
  }

  /// The configuration in the results folder, or, before there are results, of the experiment.
  private static func configuration(_ word: String) throws(CommandError) -> Configuration {
    let (_, folder) = ExperimentSource.results(word)
    do throws(ResultsFolderError) {
      if let configuration = try folder.configuration() { return configuration }
    } catch {
      throw CommandError(error)
    }
    return try ExperimentSource(word).configuration()
  }
}
