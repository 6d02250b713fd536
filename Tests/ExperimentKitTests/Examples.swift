import Foundation
import Testing

@testable import ExperimentKit

/// Configurations for tests, from members that replace those of a small base; an empty one removes it.
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
    let all = members.merging(replaced) { $1 }.filter { !$0.value.isEmpty }
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

/// Trials in memory.
struct RecordList: TrialSource {
  let configuration: Configuration
  /// In (cell, trial) order.
  let records: [TrialRecord]

  func forEachRecord(
    ofCell cell: Int, _ body: (TrialRecord) throws(ResultsFolderError) -> Void
  ) throws(ResultsFolderError) {
    for record in records where record.cell == cell { try body(record) }
  }
}

extension CellSummary {
  static func all(
    of configuration: Configuration, records: [TrialRecord]
  ) throws -> [CellSummary] {
    try all(of: RecordList(configuration: configuration, records: records))
  }
}

extension Configuration {
  /// Every trial, in (cell, trial) order, of a run in a folder of its own.
  func records(threads: Int) throws -> [TrialRecord] {
    try Example.withFolder { path in
      let run = try ExperimentRun(self, in: ResultsFolder(path + "/results"), threads: threads)
      let trials = try #require(try run.compute())
      var records: [TrialRecord] = []
      for cell in cells.indices { try trials.forEachRecord(ofCell: cell) { records.append($0) } }
      return records
    }
  }
}

/// Uniform numbers in [0, 1) from a fixed seed (SplitMix64).
struct Generator {
  var state: UInt64
  mutating func next() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    let z = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    let w = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((w ^ (w >> 31)) >> 11) * 0x1p-53
  }
}
