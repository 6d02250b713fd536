import Foundation
import Testing

/// The script itself; `Tests/Cluster/slurm-array` runs it under a real Slurm.
@Suite struct SlurmTests {
  static let good = ["small": CommandLineTests.experiment()]

  @Test func theScriptNamesItsShards() throws {
    try Program.inFolder(experiments: Self.good) { program in
      let slurm = try program.run(
        "slurm", "small", "--tasks", "64", "--time", "1-02:00:00", "--cpus", "4", "--partition",
        "long",
        "--account", "me", "--output", "a b/small", "--trials", "900")
      #expect(slurm.code == 0 && slurm.error.isEmpty)
      let lines = slurm.output.components(separatedBy: "\n")
      #expect(lines[0] == "#!/bin/bash")
      for directive in [
        "--job-name=small", "--array=1-64", "--cpus-per-task=4", "--signal=B:USR1@60", "--requeue",
        "--open-mode=append", "--output=small-%A_%a.log", "--time=1-02:00:00", "--partition=long",
        "--account=me",
      ] { #expect(lines.contains("#SBATCH " + directive)) }
      // The number of shards is the script's own, also when few of them are submitted again.
      #expect(
        slurm.output.contains(
          #""$program" run small --shard "$SLURM_ARRAY_TASK_ID/64" --trials 900 --output 'a b/small' "#
            + #"--threads "${SLURM_CPUS_PER_TASK:-1}" --quiet &"#))
      #expect(!slurm.output.contains("SLURM_ARRAY_TASK_COUNT"))
      #expect(slurm.output.contains(#"--wrap "$program merge 'a b/small'""#))
      try program.write(slurm.output, to: "job.sh")
      let check = try program.start([], shell: "bash -n job.sh").outcome()
      #expect(check.code == 0 && check.error.isEmpty)
    }
  }

  /// The script without Slurm: its environment and its commands are played.
  @Test func theScriptComputesAShardAndMerges() throws {
    try Program.inFolder(experiments: Self.good) { program in
      #expect(try program.run("run", "small", "--output", "single").code == 0)
      try program.write(
        try program.run("slurm", "small", "--tasks", "3").output, to: "job.sh")
      try FileManager.default.createDirectory(
        atPath: program.folder + "/bin", withIntermediateDirectories: true)
      try program.write("#!/bin/sh\necho \"$@\" >>submitted\n", to: "bin/sbatch")
      for task in 1...3 {
        let run = try program.start(
          [],
          shell: """
            chmod +x bin/sbatch; export PATH="$PWD/bin:$PATH" PRUNEBOUNDS="$1"
            SLURM_ARRAY_TASK_ID=\(task) SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_JOB_ID=77 bash job.sh
            """
        ).outcome()
        #expect(run.code == 0 && run.output.contains("shard \(task)/3: 100 trials"), "\(run.error)")
      }
      let submitted = try program.contents("submitted").split(separator: "\n")
      #expect(submitted.count == 1 && submitted[0].contains("--dependency=afterany:77"))
      #expect(submitted[0].hasSuffix("merge small"))
      #expect(try program.run("merge", "small").code == 0)
      #expect(
        try program.contents("results/small/trials.csv") == program.contents("single/trials.csv"))
    }
  }

  @Test(
    "What cannot be submitted",
    arguments: [
      (["small"], "--tasks is missing"),
      (["small", "--tasks", "0"], "--tasks: got 0; expected an integer from 1 to 100000"),
      (["small", "--tasks", "2", "--time", "1;rm x"], "--time: got 1;rm x; expected a word"),
      (["none", "--tasks", "2"], #"no experiment "none""#),
      (["endless", "--tasks", "2"], "cannot be divided beforehand"),
    ])
  func refusals(words: [String], message: String) throws {
    let endless = CommandLineTests.experiment(["trials": #"{"max": 100, "until": "decided"}"#])
    try Program.inFolder(experiments: ["small": Self.good["small"] ?? "", "endless": endless]) {
      let slurm = try $0.run(["slurm"] + words)
      #expect(slurm.code == 2 && slurm.output.isEmpty && slurm.error.contains(message))
    }
  }
}
