import ExperimentKit

/// `prunebounds list`: the experiments and their claims.
enum ListCommand {
  static func run(_ words: [String]) throws(CommandError) -> ExitCode {
    let arguments = try Arguments(words)
    if let extra = arguments.operands.first { throw CommandError("list takes no \(extra)") }
    let names = try ExperimentSource.names()
    let width = names.map(\.count).max() ?? 0
    for name in names {
      let padded = name + String(repeating: " ", count: width - name.count + 2)
      Terminal.write(padded + description(of: name) + "\n")
    }
    return .done
  }

  private static func description(of name: String) -> String {
    do throws(CommandError) {
      return try ExperimentSource(name).configuration().claim
    } catch {
      return "(not valid: see prunebounds validate \(name))"
    }
  }
}
