import Foundation

@testable import ExperimentKit

/// Configurations for tests, from members that replace those of a small base.
enum Example {
  static let members: [String: String] = [
    "claim": #""a claim""#,
    "network": """
    {"kind": "fullyConnected", "inputWidth": 4, "hiddenWidth": 8, "hiddenLayers": 2,
     "outputWidth": 3, "activation": "relu"}
    """,
    "weights": #"{"law": "uniform", "scale": 1.5}"#,
    "pruning": #"{"method": "random", "alpha": 0.3, "layers": "hidden"}"#,
    "inputs": #"{"count": 5, "domain": "sphere"}"#,
    "delta": "0.05", "trials": "10", "seed": "1",
  ]

  static func text(_ replaced: [String: String] = [:]) -> String {
    let all = members.merging(replaced) { $1 }
    return "{" + all.sorted { $0.key < $1.key }.map { "\"\($0)\": \($1)" }.joined(separator: ",")
      + "}"
  }

  static func configuration(
    _ replaced: [String: String] = [:], overrides: Configuration.Overrides = .init()
  ) throws(ConfigurationError) -> Configuration {
    try Configuration(text: Data(text(replaced).utf8), file: "example.json", overrides: overrides)
  }

  /// An empty folder that is removed after the body.
  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = NSTemporaryDirectory() + "prunebounds-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }
}
