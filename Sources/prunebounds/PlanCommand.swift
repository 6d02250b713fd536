import ExperimentKit
import ExperimentReport
import PruningBounds

/// `prunebounds plan`: what a network, or those of an experiment's cells, may be asked for at given ε and
/// δ.
enum PlanCommand {
  static let command = Command(
    name: "plan", summary: "the smallest width, the most prunable weights, for an error allowed",
    usage: ["NAME|FILE --epsilon E [options]", "(the options of bound) --epsilon E [options]"],
    operand: .experiment,
    options: BoundCommand.network + [
      .value("--epsilon", "E", "the error allowed"),
      .value("--max-width", "N", "the largest width tried (4096; channels: 256)"),
      .value(
        "--bound", "NAME", "one bound only", choices: Planner.Bound.allCases.map(\.rawValue)),
      .flag("--json", "one JSON object"),
    ],
    examples: [
      .init(words: "plan quickstart --epsilon 0.5", meaning: "for every cell, by every bound"),
      .init(
        words:
          "plan --widths 16,256,256,10 --law gaussian --scale 1 --method magnitude --alpha 0.3 \\\n"
          + "      --delta 0.01 --epsilon 0.1 --bound sharpPoint", meaning: "for one network"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandError) -> ExitCode {
    let text = try arguments.required("--epsilon")
    guard let epsilon = Double(text), epsilon > 0, epsilon.isFinite else {
      throw CommandError("--epsilon: got \(text); expected a number above 0")
    }
    let maximum = try arguments.integer("--max-width", in: 1...65535).map { Int($0) }
    var bounds = Planner.Bound.allCases
    if let name = arguments["--bound"] {
      guard let bound = Planner.Bound(rawValue: name) else {
        let names = bounds.map(\.rawValue).joined(separator: ", ")
        throw CommandError("--bound: got \(name); expected one of \(names)")
      }
      bounds = [bound]
    }
    if arguments.operands.isEmpty {
      let report = try report(try BoundCommand.cell(arguments), epsilon, maximum, bounds)
      Terminal.write(arguments.has("--json") ? report.json.pretty : report.text)
      return .done
    }
    if let option = BoundCommand.given(arguments) {
      throw CommandError("give either an experiment or \(option), not both")
    }
    let source = ExperimentSource(try arguments.operand("experiment"))
    var reports: [PlanReport] = []
    for cell in try source.configuration().cells {
      reports.append(try report(cell, epsilon, maximum, bounds))
    }
    if arguments.has("--json") {
      BoundCommand.writeJSON(source, reports.map(\.json))
    } else {
      BoundCommand.writeText(reports.map(\.text))
    }
    return .done
  }

  private static func report(
    _ cell: Cell, _ epsilon: Double, _ maximum: Int?, _ bounds: [Planner.Bound]
  ) throws(CommandError) -> PlanReport {
    guard cell.kind == .network else { throw CommandError("plan takes networks, not matrices") }
    guard let network = cell.hypotheses else {
      throw CommandError("a law without a variance has no bounds; nothing can be planned")
    }
    if let bound = bounds.first(where: { !$0.applies(to: network) }), bounds.count == 1 {
      throw CommandError("--bound: got \(bound.rawValue); it is not proved for convolutions")
    }
    // Channels are fewer than widths.
    let largest = maximum ?? (cell.isConvolutional ? 256 : 4096)
    guard cell.canBeResized(to: largest) else {
      throw CommandError("--max-width: got \(largest); a layer would have 2³² weights or more")
    }
    return PlanReport(cell, epsilon: epsilon, maximumWidth: largest, bounds: bounds)
  }
}
