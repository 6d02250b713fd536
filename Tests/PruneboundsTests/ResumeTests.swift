import Foundation
import Testing

/// What earlier trials are good for: they are kept where they are rows of the experiment, and refused
/// where they are not.
@Suite struct ResumeTests {
  static func experiment(_ replaced: [String: String] = [:]) -> String {
    CommandLineTests.experiment(["trials": "150"].merging(replaced) { $1 })
  }

  static func computed(_ program: Program, _ folder: String = "results/small") throws -> Int {
    let manifest = try program.contents(folder + "/manifest.json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(manifest.utf8)) as? [String: Any])
    return try #require(object["computed_trials"] as? Int)
  }

  /// The bytes of a run from nothing, beside those of the folder that has a history.
  static func isAsNew(_ program: Program) throws -> Bool {
    try? program.remove("new")
    #expect([0, 1].contains(try program.run("run", "small", "--output", "new").code))
    return try [
      "trials.csv", "summary.csv", "scaling.csv", "survival.csv", "curves.csv",
      "configuration.json",
    ].allSatisfy {
      try program.contents("new/" + $0) == program.contents("results/small/" + $0)
    }
  }

  @Test func whatMayChangeKeepsTheTrials() throws {
    try Program.inFolder(experiments: ["small": Self.experiment()]) { program in
      #expect(try program.run("run", "small").code == 0)
      #expect(try Self.computed(program) == 300)
      // In order: what is changed, and how many trials that costs.
      let steps: [([String: String], Int)] = [
        (["trials": "200"], 100), (["trials": "50"], 0), (["trials": "200"], 0),
        (["grid": #"{"pruning.alpha": [0.2, 0.3, 0.4]}"#, "trials": "200"], 200),
        (["grid": #"{"pruning.alpha": [0.4, 0.3]}"#, "trials": "200"], 0),
        (["claim": #""another claim""#, "delta": "0.1", "level": "0.01"], 0),
        (["grid": #"{"pruning.alpha": [0.2, 0.4], "delta": [0.1, 0.2, 0.3]}"#], 0),
        (["boundFactor": "0.001"], 0),
        (["trials": #"{"max": 400, "until": "decided"}"#, "delta": "0.1"], 0),
      ]
      for (replaced, cost) in steps {
        try program.write(Self.experiment(replaced), to: "experiments/small.json")
        #expect([0, 1].contains(try program.run("run", "small").code))
        #expect(try Self.computed(program) == cost, "\(replaced)")
        #expect(try Self.isAsNew(program), "\(replaced)")
      }
    }
  }

  @Test(
    "What may not change is named",
    arguments: [
      (["seed": "8"], "seed is 7 there and 8 here"),
      (["cells": #""independent""#], #"cells is "paired" there and "independent" here"#),
      (["measure": #"["certificate"]"#], #"measure is [] there and ["certificate"] here"#),
      (
        ["weights": #"{"law": "uniform", "scale": 1.25}"#],
        "weights.scale is 1.5 there and 1.25 here"
      ),
      (["inputs": #"{"count": 6}"#], "inputs.count is 5 there and 6 here"),
    ])
  func whatMayNotChange(replaced: [String: String], difference: String) throws {
    try Program.inFolder(experiments: ["small": Self.experiment()]) { program in
      #expect(try program.run("run", "small", "--shard", "1/2").code == 0)
      try program.write(Self.experiment(replaced), to: "experiments/small.json")
      let journal = try program.bytes("results/small/journal/shard-1-of-2.journal")
      let configuration = try program.bytes("results/small/configuration.json")
      for words in [[], ["--shard", "2/2"]] {
        let run = try program.run(["run", "small"] + words)
        #expect(run.code == 2 && run.error.contains(difference), "\(run.error)")
        #expect(run.error.split(separator: "\n").count == 1)
      }
      #expect(try program.bytes("results/small/journal/shard-1-of-2.journal") == journal)
      #expect(try program.bytes("results/small/configuration.json") == configuration)
      #expect(try program.names(in: "results/small") == ["configuration.json", "journal"])
    }
  }

  /// A journal of another engine: the version in its header is what tells.
  @Test func anotherEngineIsRefused() throws {
    try Program.inFolder(experiments: ["small": Self.experiment()]) { program in
      #expect(try program.run("run", "small").code == 0)
      let journal = "results/small/journal/run.journal"
      var bytes = try program.bytes(journal)
      // The header is the first frame: mark, length, payload, hash.
      let length = bytes[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
      let old = try #require(
        bytes[..<(8 + length)].range(of: Data(#""engine_version":3"#.utf8)))
      bytes[old.upperBound - 1] = UInt8(ascii: "9")
      let hash = bytes[4..<8 + length].reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
        ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
      }
      for place in 0..<8 {
        bytes[8 + length + place] = UInt8(truncatingIfNeeded: hash >> UInt64(8 * place))
      }
      try program.write(bytes, to: journal)
      try program.remove("results/small/manifest.json")
      for words in [["run", "small"], ["merge", "small"], ["status", "small"]] {
        let run = try program.run(words)
        #expect(run.code == 2 && run.error.contains("engine version is 9 there and 3 here"))
      }
      #expect(try program.bytes(journal) == bytes)
    }
  }

  /// The content of an input file, not its name, is what rows depend on.
  @Test func anInputFileThatChanges() throws {
    let inputs = #"{"count": 2, "domain": {"file": "inputs.csv"}}"#
    try Program.inFolder(experiments: ["small": Self.experiment(["inputs": inputs])]) { program in
      try program.write("1,0,0,0\n0,1,0,0\n", to: "inputs.csv")
      #expect(try program.run("run", "small").code == 0)
      try program.write("1,0,0,0\n0,0.5,0,0\n", to: "inputs.csv")
      // Finished results of another content are not shown as if they were this one's.
      #expect(try program.run("compare", "small").output.contains("\nstale: "))
      for words in [["run", "small"], ["run", "small", "--trials", "160"]] {
        let changed = try program.run(words)
        #expect(changed.code == 2 && changed.error.contains("inputs.domain is file:"))
      }
      try program.write("1,0,0,0\n0,1,0,0\n", to: "inputs.csv")
      #expect(try program.run("run", "small", "--trials", "160").code == 0)
      #expect(try Self.computed(program) == 20)
    }
  }

  @Test func freshSaysWhatItRemoves() throws {
    try Program.inFolder(experiments: ["small": Self.experiment()]) { program in
      #expect(try program.run("run", "small", "--shard", "1/2").code == 0)
      #expect(try program.run("run", "small").code == 0)
      let fresh = try program.run("run", "small", "--fresh")
      #expect(fresh.code == 0)
      let files = [
        "configuration.json", "trials.csv", "summary.csv", "scaling.csv", "survival.csv",
        "curves.csv", "manifest.json",
        "report.html", "figures/ball.svg", "figures/point.svg", "figures/survival-1.svg",
        "figures/survival-2.svg", "figures/tightness.svg",
        "journal/shard-1-of-2.journal", "journal/run.journal",
      ]
      #expect(fresh.error == files.map { "removed results/small/\($0)\n" }.joined())
      #expect(try Self.computed(program) == 300)
      let shard = try program.run("run", "small", "--fresh", "--shard", "1/2")
      #expect(shard.code == 2 && shard.error.contains("would remove the other shards"))
      // What is removed need not be readable, nor of the same experiment.
      try program.write("{", to: "results/small/configuration.json")
      #expect(try program.run("run", "small").code == 2)
      #expect(try program.run("run", "small", "--fresh", "--seed", "9").code == 0)
    }
  }

  @Test func whatInterruptedWritersLeaveIsRemoved() throws {
    try Program.inFolder(experiments: ["small": Self.experiment()]) { program in
      #expect(try program.run("run", "small", "--trials", "10").code == 0)
      try program.write("half", to: "results/small/trials.csv.1A2B.partial")
      #expect(try program.run("run", "small").code == 0)
      let names = try program.names(in: "results/small")
      #expect(names.allSatisfy { !$0.hasSuffix(".partial") })
    }
  }

  /// A run that decides is stopped and goes on; the trials past the decisions stay in the journal only.
  @Test func runsThatDecideAreContinued() throws {
    let adaptive = Self.experiment([
      "trials": #"{"max": 50000, "until": "decided"}"#, "delta": "0.004",
      "network": #"{"kind": "fullyConnected", "widths": [8, 48, 48, 8]}"#,
    ])
    try Program.inFolder(experiments: ["small": adaptive]) { program in
      var stops = 0
      while true {
        let run = try program.start(["run", "small", "--threads", "2"])
        // Longer and longer, since the tables are written in one go.
        usleep(UInt32(100_000 + 10_000 * stops))
        run.send(SIGTERM)
        let outcome = try run.outcome()
        if outcome.code == 0 { break }
        #expect(outcome.code == (outcome.wasKilled ? SIGTERM : 130))
        stops += 1
      }
      #expect(stops > 0)
      #expect(try Self.isAsNew(program))
      #expect(try program.run("verify", "small").code == 0)
      let merge = try program.run("merge", "small")
      #expect(merge.code == 0)
      #expect(try Self.isAsNew(program))
      let status = try program.run("status", "small")
      #expect(status.output.contains("of at most 100000 trials"))
      let shard = try program.run("run", "small", "--shard", "1/2")
      #expect(shard.code == 2 && shard.error.contains("cannot be divided beforehand"))
    }
  }
}
