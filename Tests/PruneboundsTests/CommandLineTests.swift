import Foundation
import Testing

@Suite struct CommandLineTests {
  static func experiment(_ replaced: [String: String] = [:]) -> String {
    let members = [
      "claim": #""small networks obey the bounds""#,
      "network": #"{"kind": "fullyConnected", "widths": [4, 8, 8, 3], "activation": "relu"}"#,
      "weights": #"{"law": "uniform", "scale": 1.5}"#,
      "pruning": #"{"method": "random", "alpha": 0.3, "layers": "hidden"}"#,
      "inputs": #"{"count": 5, "domain": "sphere"}"#, "delta": "0.05", "trials": "150",
      "seed": "7", "grid": #"{"pruning.alpha": [0.2, 0.4]}"#,
    ].merging(replaced) { $1 }
    return "{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ",") + "}"
  }

  static let good = ["small": experiment()]

  @Test func helpAndVersion() throws {
    try Program.inFolder { program in
      for words in ["--help", "-h", "help"] {
        let help = try program.run(words)
        #expect(help.code == 0 && help.output.contains("usage:") && help.error.isEmpty)
      }
      let version = try program.run("--version")
      #expect(version.code == 0 && version.output.hasPrefix("prunebounds "))
      let overview = try program.run("help").output
      let commands = [
        "list", "validate", "run", "status", "merge", "compare", "report", "verify", "slurm",
        "bound",
        "plan", "replay", "bench", "help", "completion",
      ]
      for command in commands {
        #expect(overview.contains("\n  \(command) "))
        let help = try program.run("help", command)
        #expect(help.code == 0 && help.error.isEmpty)
        #expect(help.output.contains("\nexamples:\n  prunebounds \(command)"))
        #expect(try program.run(command, "--help").output == help.output)
        #expect(help.output.split(separator: "\n").allSatisfy { $0.count <= 105 })
      }
      #expect(try program.run("help", "run").output.contains("--threads N"))
      for shell in ["bash", "zsh", "fish"] {
        let script = try program.run("completion", shell)
        #expect(script.code == 0 && commands.allSatisfy(script.output.contains))
      }
    }
  }

  /// `run --all` does what is missing or stale, and says what came out; so does `list --verdicts`.
  @Test func allExperiments() throws {
    let lie = Self.experiment(["boundFactor": "0.001", "claim": #""a | b <i>""#])
    try Program.inFolder(experiments: ["small": Self.experiment(), "lie": lie]) { program in
      let table = "| experiment | claim | verdicts |\n|---|---|---|\n"
      func row(_ name: String, _ claim: String, _ verdicts: String) -> String {
        "| [`\(name)`](results/\(name)/report.html) | \(claim) | \(verdicts) |\n"
      }
      let claim = "small networks obey the bounds"
      #expect(
        try program.run("list", "--verdicts").output
          == table + row("lie", "a \\| b &lt;i>", "no results") + row("small", claim, "no results"))
      let all = try program.run("run", "--all")
      #expect(all.code == 1 && all.error.isEmpty)
      #expect(
        all.output == "lie: 12 violated\nsmall: 12 holds\n"
          + "2 reports and results/index.html are written\n")
      // What was committed without its trials is as current.
      try program.remove("results/small/trials.csv")
      try program.remove("results/small/journal")
      let again = try program.run("run", "--all")
      #expect(again.code == 1)
      #expect(
        again.output == "lie: 12 violated, as it was\nsmall: 12 holds, as it was\n"
          + "2 reports and results/index.html are written\n")
      try program.write(Self.experiment(["delta": "0.1"]), to: "experiments/small.json")
      #expect(
        try program.run("list", "--verdicts").output
          == table + row("lie", "a \\| b &lt;i>", "12 violated") + row("small", claim, "stale"))
      #expect(try program.run("run", "--all").output.contains("small: 12 holds\n"))
      try program.write("{", to: "experiments/broken.json")
      #expect(try program.run("run", "--all").code == 2)
    }
  }

  @Test(
    "Usage errors are one line and exit code 2",
    arguments: [
      ([], "no command given; see prunebounds --help"),
      (["rum"], #"unknown command "rum"; did you mean "run"?"#),
      (["run"], "experiment is missing; see prunebounds help run"),
      (
        ["run", "small", "large"],
        "one experiment expected, got also large; see prunebounds help run"
      ),
      (["run", "small", "--thread", "2"], #"unknown option --thread; did you mean "--threads"?"#),
      (["run", "small", "--threads"], "--threads needs a value; see prunebounds help run"),
      (
        ["run", "small", "--threads", "0"], "--threads: got 0; expected an integer from 1 to 1024"
      ),
      (
        ["run", "small", "--trials", "ten"],
        "--trials: got ten; expected an integer from 1 to 4294967296"
      ),
      (["run", "small", "--quiet", "--quiet"], "--quiet is given twice"),
      (["run", "small", "--quiet=1"], "--quiet takes no value"),
      (
        ["run", "smal"],
        #"no experiment "smal" (experiments/smal.json is not there); did you mean "small"?"#
      ),
      (
        ["run", "no/such.json"],
        #"no experiment "such" (no/such.json is not there); see prunebounds list"#
      ),
      (
        ["compare", "small"],
        "results/small: there are no finished results; prunebounds run small makes them"
      ),
      (["bound", "--widths", "4,8"], "--scale is missing; see prunebounds help bound"),
      (["help", "rum"], #"unknown command "rum"; did you mean "run"?"#),
      (["help", "run", "list"], "one command expected, got also list; see prunebounds help help"),
      (["completion", "sh"], "got sh; expected bash, zsh or fish"),
      (["completion"], "shell is missing; see prunebounds help completion"),
      (["list", "small"], "list takes no small"),
      (
        ["run", "--all", "--trials", "3"],
        "--all goes with --threads, --fresh and --quiet only, not with --trials"
      ),
      (["run", "--all", "small"], "run --all takes no small"),
      (["bound", "small", "--alpha", "0.1"], "give either an experiment or --alpha, not both"),
    ] as [([String], String)])
  func usageErrors(words: [String], message: String) throws {
    try Program.inFolder(experiments: Self.good) { program in
      let outcome = try program.run(words)
      #expect(outcome.code == 2 && outcome.output.isEmpty)
      #expect(outcome.error == "prunebounds: \(message)\n")
      #expect(!program.exists("results"))
    }
  }

  @Test func listAndValidate() throws {
    let bad = Self.experiment(["delta": "2"])
    try Program.inFolder(experiments: ["small": Self.experiment(), "bad": bad]) { program in
      let list = try program.run("list")
      #expect(list.code == 0)
      #expect(
        list.output == "bad    (not valid: see prunebounds validate bad)\n"
          + "small  small networks obey the bounds\n")
      let all = try program.run("validate")
      #expect(all.code == 2)
      #expect(all.output == "experiments/small.json: valid, 2 cells of 150 trials\n")
      #expect(
        all.error == "prunebounds: experiments/bad.json: delta: got 2; "
          + "expected a number above 0 and below 1\n")
      #expect(try program.run("validate", "experiments/small.json").code == 0)
    }
    try Program.inFolder { program in
      try FileManager.default.removeItem(atPath: program.folder + "/experiments")
      let list = try program.run("list")
      #expect(list.code == 2 && list.error.contains(#"there is no folder "experiments""#))
    }
  }

  @Test func runThenCompare() throws {
    try Program.inFolder(experiments: Self.good) { program in
      let run = try program.run("run", "small", environment: ["NO_COLOR": "1"])
      #expect(run.code == 0 && run.error.isEmpty)
      #expect(run.output.hasPrefix("small: small networks obey the bounds\n"))
      #expect(run.output.hasSuffix("verdicts: 12 holds\n") && !run.output.contains("\u{1B}"))
      for file in [
        "configuration.json", "trials.csv", "summary.csv", "scaling.csv", "survival.csv",
        "curves.csv", "manifest.json",
      ] {
        #expect(program.exists("results/small/\(file)"))
      }
      let files = try FileManager.default.contentsOfDirectory(
        atPath: program.folder + "/results/small")
      #expect(files.count == 10 && program.exists("results/small/journal/run.journal"))
      #expect(try program.contents("results/small/trials.csv").split(separator: "\n").count == 301)
      let compare = try program.run("compare", "small")
      #expect(compare.code == 0 && compare.output == run.output)
      #expect(try program.run("compare", "results/small").output == run.output)
      // A finished experiment is not run again: its files keep their bytes.
      let manifest = try program.contents("results/small/manifest.json")
      #expect(try program.run("run", "small").output == run.output)
      #expect(try program.contents("results/small/manifest.json") == manifest)
      // The table comes from the files alone.
      try FileManager.default.removeItem(atPath: program.folder + "/experiments")
      try FileManager.default.removeItem(atPath: program.folder + "/results/small/trials.csv")
      #expect(try program.run("compare", "small").output == run.output)
    }
  }

  @Test func aViolatedBoundExitsWithOne() throws {
    let control = ["control": Self.experiment(["boundFactor": "0.001"])]
    try Program.inFolder(experiments: control) { program in
      let run = try program.run("run", "control")
      #expect(run.code == 1 && run.output.hasSuffix("verdicts: 12 violated\n"))
      #expect(try program.run("compare", "control").code == 1)
    }
  }

  @Test func undecidedAndOutsideHypothesesExitWithZero() throws {
    let laplace = #"{"law": "laplace", "scale": 1}"#
    let experiments = [
      "few": Self.experiment(["trials": "3"]), "outside": Self.experiment(["weights": laplace]),
    ]
    try Program.inFolder(experiments: experiments) { program in
      let few = try program.run("run", "few")
      #expect(few.code == 0 && few.output.hasSuffix("verdicts: 12 undecided\n"))
      let outside = try program.run("run", "outside")
      #expect(outside.code == 0 && outside.output.hasSuffix("verdicts: 12 outside hypotheses\n"))
    }
  }

  @Test func bytesDoNotDependOnThreads() throws {
    try Program.inFolder(experiments: Self.good) { program in
      var texts: Set<String> = []
      for threads in ["1", "2", "7"] {
        let output = "out-" + threads
        #expect(
          try program.run("run", "small", "--threads", threads, "--output", output).code == 0)
        texts.insert(try program.contents(output + "/trials.csv"))
        texts.insert(try program.contents(output + "/summary.csv"))
      }
      #expect(texts.count == 2)
    }
  }

  @Test func overridesAndDryRun() throws {
    try Program.inFolder(experiments: Self.good) { program in
      let dry = try program.run("run", "small", "--dry-run", "--trials", "4")
      #expect(dry.code == 0 && dry.output.hasSuffix("2 cells of 4 trials into results/small\n"))
      #expect(!program.exists("results"))
      #expect(try program.run("run", "small", "--trials=4", "--seed=9", "--output", "o").code == 0)
      let trials = try program.contents("o/trials.csv").split(separator: "\n")
      #expect(trials.count == 9 && trials[8].hasPrefix("1,3,9,"))
      #expect(try program.contents("o/configuration.json").contains("\"trials\": 4"))
    }
  }

  @Test func anotherExperimentsResultsAreRefused() throws {
    try Program.inFolder(experiments: Self.good) { program in
      #expect(try program.run("run", "small").code == 0)
      let summary = try program.contents("results/small/summary.csv")
      let other = try program.run("run", "small", "--seed", "8")
      #expect(other.code == 2 && other.output.isEmpty)
      #expect(
        other.error == "prunebounds: results/small: holds the results of another experiment: "
          + "seed is 7 there and 8 here; name another folder with --output, or start over with --fresh\n"
      )
      #expect(try program.contents("results/small/summary.csv") == summary)
      let fresh = try program.run("run", "small", "--seed", "8", "--fresh")
      #expect(fresh.code == 0 && fresh.error.contains("removed results/small/summary.csv\n"))
      #expect(try program.contents("results/small/summary.csv") != summary)
    }
  }

  @Test func extendingAfterTheVerdictIsSaid() throws {
    try Program.inFolder(experiments: Self.good) { program in
      #expect(!(try program.run("run", "small", "--trials", "20").output.contains("extended")))
      let more = try program.run("run", "small", "--trials", "200")
      #expect(more.code == 0 && more.output.contains("\nextended: "))
      #expect(try program.contents("results/small/manifest.json").contains(#""extended": true"#))
      // It stays said, until the results are made anew.
      #expect(try program.run("run", "small", "--trials", "150").output.contains("\nextended: "))
      let fresh = try program.run("run", "small", "--trials", "200", "--fresh")
      #expect(!fresh.output.contains("extended"))
    }
  }

  @Test func staleResultsAreNamed() throws {
    try Program.inFolder(experiments: Self.good) { program in
      #expect(try program.run("run", "small").code == 0)
      let path = program.folder + "/results/small/configuration.json"
      let changed = try program.contents("results/small/configuration.json")
        .replacingOccurrences(of: "0.4", with: "0.5")
      try changed.write(toFile: path, atomically: true, encoding: .utf8)
      let compare = try program.run("compare", "small")
      #expect(compare.code == 0 && compare.output.contains("\nstale: "))
    }
  }

  /// A path below a file cannot be made, whoever runs the tests; a full device cannot be written.
  @Test func anUnwritableOutputExitsWithThree() throws {
    try Program.inFolder(experiments: Self.good) { program in
      let outcome = try program.run("run", "small", "--output", "experiments/small.json/x")
      #expect(outcome.code == 3 && outcome.output.isEmpty)
      #expect(outcome.error.hasPrefix("prunebounds: experiments/small.json/x: cannot be created"))
      #expect(outcome.error.split(separator: "\n").count == 1)
    }
  }

  @Test func brokenResultsAreNoTable() throws {
    try Program.inFolder(experiments: Self.good) { program in
      #expect(try program.run("run", "small").code == 0)
      let path = program.folder + "/results/small/summary.csv"
      try "cell,trials\n0,\"".write(toFile: path, atomically: true, encoding: .utf8)
      let compare = try program.run("compare", "small")
      #expect(compare.code == 3 && compare.output.isEmpty)
      #expect(compare.error.contains("results/small/summary.csv: is not a summary"))
    }
  }

  @Test func anEndlessFileIsNoConfiguration() throws {
    try Program.inFolder(experiments: Self.good) { program in
      let run = try program.run("validate", "/dev/zero")
      #expect(run.code == 2 && run.error.contains("/dev/zero: is larger than 64 MiB"))
      #expect(try program.run("run", "experiments/").code == 2)
    }
  }

  /// Results whose tables are of an earlier version are written anew from the journal.
  @Test func tablesOfAnEarlierVersionAreRenewed() throws {
    try Program.inFolder(experiments: Self.good) { program in
      #expect(try program.run("run", "small").code == 0)
      let summary = try program.contents("results/small/summary.csv")
      try program.write(
        summary.replacing("sharp_point_bound", with: "old_bound"), to: "results/small/summary.csv")
      #expect(try program.run("compare", "small").code == 3)
      #expect(try program.run("run", "small").code == 0)
      #expect(try program.contents("results/small/summary.csv") == summary)
      #expect(try ResumeTests.computed(program) == 0)
    }
  }

  @Test func replayGivesTheRowAgain() throws {
    let measure = ["small": Self.experiment(["measure": #"["ballLower", "certificate"]"#])]
    try Program.inFolder(experiments: measure) { program in
      let before = try program.run("replay", "small", "1", "5")
      #expect(try program.run("run", "small").code == 0)
      let rows = try program.contents("results/small/trials.csv").split(separator: "\n")
      for words in [["small", "1", "5"], ["results/small", "1", "5"]] {
        let replay = try program.run(["replay"] + words)
        #expect(replay.code == 0 && replay.output == before.output)
        let lines = replay.output.split(separator: "\n")
        // Header, then cell 1's trial 5.
        #expect(lines[0] == rows[0] && lines[1] == rows[1 + 150 + 5])
        #expect(lines[3].hasPrefix("ball ") && lines[4].hasPrefix("point "))
        #expect(lines.count == 13)
      }
      let wrong = try program.run("replay", "small", "2", "0")
      #expect(wrong.code == 2)
      #expect(wrong.error == "prunebounds: cell: got 2; expected an integer from 0 to 1\n")
      #expect(try program.run("replay", "small").code == 2)
    }
  }

  @Test func planAndBench() throws {
    try Program.inFolder { program in
      let words = [
        "plan", "--widths", "8,32,32,4", "--law", "uniform", "--scale", "1", "--method", "random",
        "--alpha", "0.3", "--delta", "0.05", "--max-width", "400",
      ]
      let plan = try program.run(words + ["--epsilon", "0.5", "--json"])
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(plan.output.utf8)) as? [String: Any])
      let point = try #require(object["point"] as? [String: Any])
      #expect((point["layers"] as? [Any])?.count == 3 && point["width"] is Int)
      let none = try program.run(words + ["--epsilon", "1e-9"])
      #expect(none.code == 0 && none.output.contains("none: "))
      #expect(try program.run(words + ["--epsilon", "0"]).code == 2)
      #expect(try program.run(words + ["--epsilon", "1", "--bound", "best"]).code == 2)
      let bench = try program.run("bench", "--width", "16", "--seconds", "0.05", "--json")
      let rates = try #require(
        try JSONSerialization.jsonObject(with: Data(bench.output.utf8)) as? [String: Any])
      #expect(rates["width"] as? Int == 16 && (rates["trials_per_second"] as? Double ?? 0) > 0)
      let share = try #require(rates["multiply_add_share"] as? Double)
      #expect(share > 0 && share < 1)
      #expect(try program.run("bench", "--method", "both").code == 2)
      #expect(try program.run("bench", "--sweep", "--width", "64").code == 2)
    }
  }

  @Test func plansOfConvolutions() throws {
    let network = #"""
      {"kind": "convolutional", "inputChannels": 2, "inputSize": 4, "channels": [3, 3], "kernel": 3,
       "padding": "zero", "outputWidth": 2}
      """#
    let images = ["images": Self.experiment(["network": network])]
    try Program.inFolder(experiments: images) { program in
      let plan = try program.run("plan", "images", "--epsilon", "30", "--max-width", "20", "--json")
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(plan.output.utf8)) as? [String: Any])
      let cells = try #require(object["cells"] as? [[String: Any]])
      #expect(cells.count == 2 && cells[0]["ball"] != nil && cells[0]["sharpPoint"] == nil)
      let sharp = try program.run("plan", "images", "--epsilon", "1", "--bound", "sharpPoint")
      #expect(sharp.code == 2 && sharp.error.contains("not proved for convolutions"))
      let wide = try program.run("plan", "images", "--epsilon", "1", "--max-width", "65535")
      #expect(wide.code == 2 && wide.error.contains("2³² weights"))
    }
  }

  @Test func boundsWithoutAnExperiment() throws {
    try Program.inFolder { program in
      let words = [
        "bound", "--widths", "16,64,64,64,10", "--law", "uniform", "--scale", "1.0", "--method",
        "random", "--alpha", "0.2", "--delta", "0.05",
      ]
      let text = try program.run(words)
      #expect(text.code == 0 && text.output.contains("ball bound"))
      let json = try program.run(words + ["--json"])
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      // The first row of the reference values for networks.
      let ball = try #require(object["ball_bound"] as? Double)
      #expect(abs(ball / 5.907863986684288 - 1) < 1e-9)
      #expect(object["events"] as? Int == 6)
      let leaky = try program.run(words + ["--activation", "leakyRelu:0.1", "--layers", "2,4"])
      #expect(leaky.code == 0 && leaky.output.contains("leakyRelu:0.1"))
      let wrong = try program.run(words + ["--activation", "gelu"])
      #expect(wrong.code == 2 && wrong.error.contains("network.activation: got \"gelu\""))
    }
  }

  @Test func boundsOfAnExperiment() throws {
    try Program.inFolder(experiments: Self.good) { program in
      let json = try program.run("bound", "small", "--json")
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      #expect((object["cells"] as? [Any])?.count == 2)
      #expect(try program.run("bound", "small").output.contains("cell 1\n"))
    }
  }
}
