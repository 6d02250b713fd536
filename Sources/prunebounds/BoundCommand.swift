import ExperimentKit
import ExperimentReport
import Foundation

/// `prunebounds bound`: the bounds and the prediction of one network, or of an experiment's cells.
enum BoundCommand {
  /// The options that describe a network.
  static let network: [Command.Option] = [
    .value("--widths", "16,256,10", "of the inputs and of every layer"),
    .value(
      "--law", "LAW", "of the weights",
      choices: ["uniform", "gaussian", "rademacher", "laplace", "student-t"]),
    .value("--degrees-of-freedom", "N", "of student-t"),
    .value("--scale", "K", "weights are K/sqrt(max(rows, columns)) times a draw of the law"),
    .value("--method", "RULE", "of pruning", choices: ["random", "magnitude"]),
    .value("--alpha", "A", "D^(1 - A) of the D weights of a layer are pruned"),
    .value(
      "--layers", "WHICH", "hidden (default), all, or a list: 2,4", choices: ["hidden", "all"]),
    .value(
      "--activation", "NAME", "relu (default), tanh, identity, leakyRelu:0.1",
      choices: ["relu", "tanh", "identity", "leakyRelu:0.1"]),
    .value("--delta", "D", "failure probability"),
  ]

  static let command = Command(
    name: "bound", summary: "the bounds of a network, or of every cell of an experiment",
    usage: [
      "NAME|FILE [--json]",
      "--widths W --law LAW --scale K --method RULE --alpha A --delta D [options]",
    ], operand: .experiment, options: network + [.flag("--json", "one JSON object")],
    examples: [
      .init(words: "bound quickstart", meaning: "of every cell"),
      .init(
        words: "bound --widths 16,256,256,256,10 --law uniform --scale 1.7320508075688772 \\\n"
          + "      --method random --alpha 0.3 --delta 0.05",
        meaning: "of one network, with what the bounds are made of"),
    ], run: run)

  /// An option that describes a network, if one is given.
  static func given(_ arguments: Arguments) -> String? {
    network.first { arguments[$0.name] != nil }?.name
  }

  private static func run(_ arguments: Arguments) throws(CommandError) -> ExitCode {
    if arguments.operands.isEmpty {
      let report = BoundReport(try cell(arguments))
      Terminal.write(arguments.has("--json") ? report.json.pretty : report.text)
      return .done
    }
    if let option = given(arguments) {
      throw CommandError("give either an experiment or \(option), not both")
    }
    let source = ExperimentSource(try arguments.operand("experiment"))
    let reports = try source.configuration().cells.map(BoundReport.init)
    if arguments.has("--json") {
      writeJSON(source, reports.map(\.json))
    } else {
      writeText(reports.map(\.text))
    }
    return .done
  }

  /// One object with a member a cell.
  static func writeJSON(_ source: ExperimentSource, _ cells: [JSONValue]) {
    var object = JSONObject()
    object["experiment"] = .string(source.name)
    object["cells"] = .array(cells)
    Terminal.write(JSONValue.object(object).pretty)
  }

  /// One text a cell.
  static func writeText(_ cells: [String]) {
    Terminal.write(
      cells.enumerated().map { "cell \($0)\n" + $1 }.joined(separator: "\n"))
  }

  /// The cell that the options describe, read as if it were a configuration.
  static func cell(_ arguments: Arguments) throws(CommandError) -> Cell {
    func number(_ option: String) throws(CommandError) -> JSONValue? {
      guard let text = arguments[option] else { return nil }
      guard let value = try? JSONParser.parse(text.utf8), case .number = value else {
        throw CommandError("\(option): got \(text); expected a number")
      }
      return value
    }
    func list(_ option: String, _ text: String) throws(CommandError) -> JSONValue {
      guard let value = try? JSONParser.parse("[\(text)]".utf8) else {
        throw CommandError("\(option): got \(text); expected integers separated by commas")
      }
      return value
    }
    for option in ["--scale", "--alpha", "--delta"] { _ = try arguments.required(option) }
    var network = JSONObject()
    network["kind"] = .string("fullyConnected")
    network["widths"] = try list("--widths", try arguments.required("--widths"))
    let activation = arguments["--activation"] ?? "relu"
    let parts = activation.split(separator: ":", maxSplits: 1).map(String.init)
    if parts.first == "leakyRelu", parts.count == 2,
      let slope = try? JSONParser.parse(parts[1].utf8)
    {
      var leaky = JSONObject()
      leaky["leakyRelu"] = slope
      network["activation"] = .object(leaky)
    } else {
      network["activation"] = .string(activation)
    }
    var weights = JSONObject()
    weights["law"] = .string(try arguments.required("--law"))
    weights["scale"] = try number("--scale")
    weights["degreesOfFreedom"] = try number("--degrees-of-freedom")
    var pruning = JSONObject()
    pruning["method"] = .string(try arguments.required("--method"))
    pruning["alpha"] = try number("--alpha")
    let layers = arguments["--layers"] ?? "hidden"
    pruning["layers"] =
      layers.first?.isNumber == true ? try list("--layers", layers) : .string(layers)
    let delta = try number("--delta") ?? .null
    do throws(ConfigurationError) {
      return try Cell(network: network, weights: weights, pruning: pruning, delta: delta)
    } catch {
      throw CommandError(error.description)
    }
  }
}
