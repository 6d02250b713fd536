import ExperimentKit
import ExperimentReport
import PruningBounds

/// `prunebounds plan`: what a network may be asked for at given ε and δ.
enum PlanCommand {
  static func run(_ words: [String]) throws(CommandError) -> ExitCode {
    let arguments = try Arguments(
      words, valued: BoundCommand.valued + ["--epsilon", "--max-width", "--bound"],
      flags: ["--json"])
    if let extra = arguments.operands.first { throw CommandError("plan takes no \(extra)") }
    let text = try arguments.required("--epsilon")
    guard let epsilon = Double(text), epsilon > 0, epsilon.isFinite else {
      throw CommandError("--epsilon: got \(text); expected a number above 0")
    }
    let maximum = Int(try arguments.integer("--max-width", in: 1...65535) ?? 4096)
    let cell = try BoundCommand.cell(arguments)
    guard cell.hypotheses != nil else {
      throw CommandError("--degrees-of-freedom: a law without a variance has no bounds")
    }
    var bounds = Planner.Bound.allCases
    if let name = arguments["--bound"] {
      guard let bound = Planner.Bound(rawValue: name) else {
        let names = bounds.map(\.rawValue).joined(separator: ", ")
        throw CommandError("--bound: got \(name); expected one of \(names)")
      }
      bounds = [bound]
    }
    let report = PlanReport(cell, epsilon: epsilon, maximumWidth: maximum, bounds: bounds)
    Terminal.write(arguments.has("--json") ? report.json.pretty : report.text)
    return .done
  }
}
