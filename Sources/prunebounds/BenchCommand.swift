import ExperimentKit
import ExperimentReport
import Foundation
import PruningModel

/// `prunebounds bench`: trials per second of the standard workload, and what the processor allows.
enum BenchCommand {
  static let command = Command(
    name: "bench", summary: "trials per second, beside what the processor allows",
    usage: ["[options]", "--sweep [options]", "--kernels", "--journal [options]"],
    options: [
      .value(
        "--network", "KIND",
        "fullyConnected (default), or convolutional: 3 to 32 to 32 to 32 channels",
        choices: ["fullyConnected", "convolutional"]),
      .value("--width", "N", "of four square layers (256)"),
      .value(
        "--method", "RULE", "random (default) or magnitude", choices: ["random", "magnitude"]),
      .value("--seconds", "S", "how long to measure (5)"),
      .value("--threads", "N", "serial queues (default: one a core)"),
      .value(
        "--measure", "LIST", "ballLower, certificate: what they cost",
        choices: ["ballLower", "certificate", "ballLower,certificate"]),
      .flag("--json", "one JSON object"),
      .flag("--sweep", "widths 32 to 4096"),
      .flag("--kernels", "products and random numbers by themselves"),
      .flag("--journal", "what keeping every trial costs"),
    ],
    examples: [
      .init(words: "bench --width 1024 --method magnitude", meaning: "one workload"),
      .init(words: "bench --sweep --seconds 2", meaning: "how the cost grows with the width"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandError) -> ExitCode {
    try arguments.noOperands(of: "bench")
    if arguments.has("--kernels") {
      Terminal.write(text(KernelRates()))
      return .done
    }
    let name = arguments["--method"] ?? "random"
    guard let method = PruningRule.Method(rawValue: name) else {
      throw CommandError("--method: got \(name); expected random or magnitude")
    }
    guard let seconds = Double(arguments["--seconds"] ?? "5"), seconds > 0, seconds <= 3600 else {
      throw CommandError("--seconds: got \(arguments["--seconds"] ?? ""); expected 0 to 3600")
    }
    let threads = try RunCommand.threads(arguments)
    if arguments.has("--journal") {
      let others = ["--network", "--width", "--method", "--measure", "--json", "--sweep"]
      if others.contains(where: arguments.has) {
        throw CommandError("--journal goes with --seconds and --threads only")
      }
      try journal(threads: threads, seconds: seconds)
      return .done
    }
    func benchmark(_ network: Benchmark.Network) -> Benchmark {
      Benchmark(network: network, method: method, threads: threads, seconds: seconds)
    }
    let kind = arguments["--network"] ?? "fullyConnected"
    guard ["fullyConnected", "convolutional"].contains(kind) else {
      throw CommandError("--network: got \(kind); expected fullyConnected or convolutional")
    }
    if kind == "convolutional", arguments["--width"] != nil || arguments.has("--sweep") {
      throw CommandError("--network convolutional has one size; remove --width or --sweep")
    }
    if arguments.has("--sweep") {
      if arguments["--width"] != nil || arguments["--measure"] != nil || arguments.has("--json") {
        throw CommandError("--sweep goes with --method, --seconds and --threads only")
      }
      sweep { benchmark(.fullyConnected(width: $0)) }
      return .done
    }
    let measures = (arguments["--measure"] ?? "").split(separator: ",")
    if let unknown = measures.first(where: { !["ballLower", "certificate"].contains($0) }) {
      throw CommandError("--measure: got \(unknown); expected ballLower, certificate or both")
    }
    let width = Int(try arguments.integer("--width", in: 1...16384) ?? 256)
    let result = Result(
      of: benchmark(kind == "convolutional" ? .convolutional : .fullyConnected(width: width)),
      costs: !measures.isEmpty)
    Terminal.write(arguments.has("--json") ? json(result).pretty : text(result))
    return .done
  }

  /// A measured rate beside the limits measured just before it.
  private struct Result {
    let benchmark: Benchmark
    let limits: ProcessorLimits
    let rate: Double
    let costs: Benchmark.Costs?

    init(of benchmark: Benchmark, costs: Bool) {
      self.benchmark = benchmark
      limits = ProcessorLimits(threads: benchmark.threads)
      rate = benchmark.rate()
      self.costs = costs ? benchmark.costs() : nil
    }

    var multiplyAddShare: Double { rate * benchmark.work.operations / limits.multiplyAdds }
    var wordShare: Double { rate * benchmark.work.words / limits.words }
    /// Seconds of one thread.
    var timePerWeight: Double { Double(benchmark.threads) / (rate * benchmark.work.weights) }
  }

  /// Widths 32 … 4096, a line each as soon as it is measured.
  private static func sweep(_ benchmark: (Int) -> Benchmark) {
    Terminal.write("width    trials/s  ns/weight  multiply-adds  random words\n")
    for exponent in 5...12 {
      let result = Result(of: benchmark(1 << exponent), costs: false)
      Terminal.write(
        String(
          format: "%5d  %10.4g  %9.3f  %12.1f%%  %11.1f%%\n", 1 << exponent, result.rate,
          result.timePerWeight * 1e9, result.multiplyAddShare * 100, result.wordShare * 100))
    }
  }

  private static func journal(threads: Int, seconds: Double) throws(CommandError) {
    let overhead: JournalOverhead
    do throws(ResultsFolderError) {
      overhead = try JournalOverhead(
        in: NSTemporaryDirectory() + "prunebounds-" + UUID().uuidString, threads: threads,
        seconds: seconds)
    } catch {
      throw CommandError(error)
    }
    Terminal.write("width \(JournalOverhead.width), \(threads) threads; trials/s\n")
    Terminal.write("    thrown away  in the journal\n")
    for (plain, kept) in zip(overhead.plainRates, overhead.keptRates) {
      Terminal.write(String(format: "%15.0f  %14.0f\n", plain, kept))
    }
    Terminal.write(
      String(format: "the journal takes %.2f%% (median of the rounds)\n", overhead.share * 100))
  }

  private static func json(_ result: Result) -> JSONValue {
    var object = JSONObject()
    func put(_ name: String, _ value: Double) { object[name] = .number(JSONNumber(value)) }
    switch result.benchmark.network {
    case .fullyConnected(let width):
      object["network"] = .string("fullyConnected")
      put("width", Double(width))
    case .convolutional:
      object["network"] = .string("convolutional")
      object["width"] = .null
    }
    object["method"] = .string(result.benchmark.method.rawValue)
    put("threads", Double(result.benchmark.threads))
    put("trials_per_second", result.rate)
    put("multiply_add_peak_flops", result.limits.multiplyAdds)
    put("multiply_add_share", result.multiplyAddShare)
    put("random_words_per_second", result.limits.words)
    put("random_word_share", result.wordShare)
    if let costs = result.costs {
      put("plain_trial_seconds", costs.plainTrial)
      put("propagation_seconds", costs.propagation)
      put("ascent_step_seconds", costs.ascentStep)
      put("ball_lower_trial_seconds", costs.ballLowerTrial)
      put("certificate_trial_seconds", costs.certificateTrial)
    }
    return .object(object)
  }

  private static func text(_ result: Result) -> String {
    let network =
      switch result.benchmark.network {
      case .fullyConnected(let width): "width \(width)"
      case .convolutional: "convolutional"
      }
    var text = String(
      format: "%@, %@ pruning, %d threads: %.1f trials/s\n", network,
      result.benchmark.method.rawValue, result.benchmark.threads, result.rate)
    // Kernels of side 3 take a quarter of the multiplications that are counted, and zeros none.
    let counted =
      network == "convolutional"
      ? "multiply-adds of the direct form" : "multiply-adds, those with zeros included,"
    text += String(
      format: "%@ %.1f%% of the peak, %.1f GFLOP/s\n", counted, result.multiplyAddShare * 100,
      result.limits.multiplyAdds / 1e9)
    text += String(
      format: "random words %.1f%% of the peak, %.2f G/s\n", result.wordShare * 100,
      result.limits.words / 1e9)
    guard let costs = result.costs else { return text }
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

  private static func text(_ kernels: KernelRates) -> String {
    var text = "product kernel, one core\nwidth  inputs  GFLOP/s  of the peak\n"
    for product in kernels.products {
      text += String(
        format: "%5d  %6d  %7.1f  %10.1f%%\n", product.width, product.inputs, product.rate / 1e9,
        product.share * 100)
    }
    text += "random numbers, one core, G/s\n"
    for (law, rate) in kernels.draws { text += String(format: "%.3f  %@\n", rate / 1e9, law) }
    return text
  }
}
