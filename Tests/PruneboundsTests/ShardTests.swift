import Foundation
import Testing

@Suite struct ShardTests {
  static let grid = #"{"pruning.alpha": [0.2, 0.4], "delta": [0.05, 0.1]}"#
  static let experiment = ["small": CommandLineTests.experiment(["grid": grid, "trials": "151"])]

  @Test("Shards are disjoint and give the bytes of one run", arguments: [1, 2, 3, 7, 200])
  func shards(count: Int) throws {
    try Program.inFolder(experiments: Self.experiment) { program in
      let single = try program.run("run", "small", "--output", "single")
      #expect(single.code == 0)
      var sizes: [Int] = []
      for index in 1...count {
        let run = try program.run("run", "small", "--shard", "\(index)/\(count)", "--threads", "1")
        #expect(run.code == 0)
        #expect(!program.exists("results/small/trials.csv"))
        let words = run.output.split(whereSeparator: { $0 == " " || $0 == "," })
        // shard I/N: T trials, T of them computed now; ...
        #expect(words[1] == "\(index)/\(count):" && words[2] == words[4])
        sizes.append(try #require(Int(words[2])))
      }
      // Two designs; cells that differ in delta share their trials.
      #expect(sizes.reduce(0, +) == 302)
      #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
      #expect(try program.run("merge", "small").code == 0)
      for file in [
        "trials.csv", "summary.csv", "scaling.csv", "survival.csv", "curves.csv",
        "configuration.json",
      ] {
        #expect(
          try program.contents("results/small/" + file) == program.contents("single/" + file))
      }
      #expect(try program.run("compare", "small").output.contains("verdicts: 24 holds"))
    }
  }

  @Test func mergeNamesWhatIsMissing() throws {
    try Program.inFolder(experiments: Self.experiment) { program in
      let nothing = try program.run("merge", "small")
      #expect(nothing.code == 2 && nothing.error.contains("there is no configuration.json"))
      #expect(!program.exists("results"))
      #expect(try program.run("run", "small", "--shard", "2/3").code == 0)
      let merge = try program.run("merge", "small")
      #expect(merge.code == 2 && merge.output.isEmpty)
      #expect(
        merge.error
          == "prunebounds: results/small: 1 journals hold 100 trials, there are to be 302; "
          + "prunebounds status shows what is missing, a run without --shard computes it\n")
      let status = try program.run("status", "small").output
      #expect(status.hasPrefix("100 of 302 trials in the journal; no final files yet\n"))
      #expect(status.contains("\nshard 2/3  100     100  0       done\n"))
      #expect(status.contains("\nshard 1/3  0       101  0       not started\n"))
      #expect(status.contains("\nshard 3/3  0       101  0       not started\n"))
      // A run of everything computes the rest.
      #expect(try program.run("run", "small").code == 0)
      #expect(try ResumeTests.computed(program) == 202)
      #expect(try program.run("status", "small").output.contains("the final files are written"))
    }
  }

  /// Folders of other machines; one has a shard of another division, with trials that others have too.
  @Test func foldersOfOtherMachinesAreUnited() throws {
    try Program.inFolder(experiments: Self.experiment) { program in
      #expect(try program.run("run", "small", "--output", "single").code == 0)
      #expect(try program.run("run", "small", "--shard", "1/2", "--output", "m1/small").code == 0)
      for shard in ["2/2", "1/3"] {
        #expect(try program.run("run", "small", "--shard", shard, "--output", "m2/small").code == 0)
      }
      #expect(try program.run("merge", "small", "m1/small", "m2/small").code == 0)
      #expect(
        try program.contents("results/small/trials.csv") == program.contents("single/trials.csv"))
      #expect(
        try program.contents("results/small/summary.csv") == program.contents("single/summary.csv"))
      #expect(
        try program.run("run", "small", "--seed", "3", "--shard", "1/2", "--output", "m3/small")
          .code
          == 0)
      let other = try program.run("merge", "small", "m3/small")
      #expect(other.code == 2 && other.error.contains("seed is 3 there and 7 here"))
    }
  }

  @Test(
    "Shards that are none",
    arguments: ["0/2", "3/2", "1", "1/0", "a/b", "1/2/3", "-1/2", "1/1000001", "1/"])
  func wrongShards(text: String) throws {
    try Program.inFolder(experiments: Self.experiment) { program in
      let run = try program.run("run", "small", "--shard=\(text)")
      #expect(run.code == 2 && run.error.contains("expected I/N with 1 <= I <= N"))
      #expect(!program.exists("results"))
    }
  }

  /// Shards that start at once write the same configuration.
  @Test func allAtOnce() throws {
    try Program.inFolder(experiments: Self.experiment) { program in
      let runs = try (1...12).map {
        try program.start(["run", "small", "--shard", "\($0)/12", "--threads", "1"])
      }
      for run in runs {
        let outcome = try run.outcome()
        #expect(outcome.code == 0, "\(outcome.error)")
      }
      #expect(try program.run("merge", "small").code == 0)
      #expect(try program.run("verify", "small", "--sample", "all").code == 0)
      let names = try program.names(in: "results/small")
      #expect(names.allSatisfy { !$0.hasSuffix(".partial") })
    }
  }

  @Test func failedTrialsAreCounted() throws {
    let heavy = CommandLineTests.experiment([
      "weights": #"{"law": "student-t", "degreesOfFreedom": 0.1, "scale": 1}"#,
      "pruning": #"{"method": "random", "alpha": 0.3}"#, "grid": #"{"pruning.alpha": [0.3]}"#,
    ])
    try Program.inFolder(experiments: ["small": heavy]) { program in
      for shard in ["1/2", "2/2"] {
        #expect(try program.run("run", "small", "--shard", shard).code == 0)
      }
      #expect(try program.run("merge", "small").code == 0)
      let rows = try program.contents("results/small/trials.csv").split(separator: "\n")
      let failed = rows.dropFirst().count { !$0.hasSuffix(",ok") }
      #expect(failed > 0)
      let status = try program.run("status", "small").output
      #expect(status.hasPrefix("150 of 150 trials in the journal, \(failed) failed;"))
      #expect(try program.run("verify", "small", "--sample", "all").code == 0)
    }
  }
}
