import ExperimentKit
import Foundation
import PruningModel

/// `prunebounds bench`: trials per second of the standard workload.
enum BenchCommand {
  static func run(_ words: [String]) throws(CommandError) -> ExitCode {
    let arguments = try Arguments(
      words, valued: ["--width", "--method", "--seconds", "--threads", "--measure"],
      flags: ["--json"])
    if let extra = arguments.operands.first { throw CommandError("bench takes no \(extra)") }
    let width = Int(try arguments.integer("--width", in: 1...16384) ?? 256)
    let name = arguments["--method"] ?? "random"
    guard let method = PruningRule.Method(rawValue: name) else {
      throw CommandError("--method: got \(name); expected random or magnitude")
    }
    guard let seconds = Double(arguments["--seconds"] ?? "5"), seconds > 0, seconds <= 3600 else {
      throw CommandError("--seconds: got \(arguments["--seconds"] ?? ""); expected 0 to 3600")
    }
    let measures = (arguments["--measure"] ?? "").split(separator: ",")
    if let unknown = measures.first(where: { !["ballLower", "certificate"].contains($0) }) {
      throw CommandError("--measure: got \(unknown); expected ballLower, certificate or both")
    }
    let cores = UInt64(ProcessInfo.processInfo.activeProcessorCount)
    let threads = Int(try arguments.integer("--threads", in: 1...1024) ?? cores)
    let benchmark = Benchmark(width: width, method: method, threads: threads, seconds: seconds)
    let rate = benchmark.rate()
    let costs = measures.isEmpty ? nil : benchmark.costs()
    Terminal.write(
      arguments.has("--json")
        ? json(benchmark, rate, costs).pretty : text(benchmark, rate, costs))
    return .done
  }

  private static func json(
    _ benchmark: Benchmark, _ rate: Double, _ costs: Benchmark.Costs?
  ) -> JSONValue {
    var object = JSONObject()
    object["width"] = .number(JSONNumber(Double(benchmark.width)))
    object["method"] = .string(benchmark.method.rawValue)
    object["threads"] = .number(JSONNumber(Double(benchmark.threads)))
    object["trials_per_second"] = .number(JSONNumber(rate))
    if let costs {
      for (name, value) in [
        ("plain_trial_seconds", costs.plainTrial), ("propagation_seconds", costs.propagation),
        ("ascent_step_seconds", costs.ascentStep),
        ("ball_lower_trial_seconds", costs.ballLowerTrial),
        ("certificate_trial_seconds", costs.certificateTrial),
      ] {
        object[name] = .number(JSONNumber(value))
      }
    }
    return .object(object)
  }

  private static func text(
    _ benchmark: Benchmark, _ rate: Double, _ costs: Benchmark.Costs?
  ) -> String {
    var text = String(
      format: "width %d, %@ pruning, %d threads: %.1f trials/s\n", benchmark.width,
      benchmark.method.rawValue, benchmark.threads, rate)
    guard let costs else { return text }
    func line(_ name: String, _ time: Double, _ unit: String, _ reference: Double) {
      text += String(format: "%@ %.3f ms, %.2f %@\n", name, time * 1e3, time / reference, unit)
    }
    text += String(format: "plain trial %.3f ms\n", costs.plainTrial * 1e3)
    line("error propagation", costs.propagation, "plain trials", costs.plainTrial)
    line("ascent step", costs.ascentStep, "error propagations", costs.propagation)
    line("trial with ballLower", costs.ballLowerTrial, "plain trials", costs.plainTrial)
    line("trial with certificate", costs.certificateTrial, "plain trials", costs.plainTrial)
    return text
  }
}
