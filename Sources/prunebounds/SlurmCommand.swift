import ExperimentKit

/// `prunebounds slurm NAME --tasks N`: prints a batch script for a cluster that Slurm manages.
enum SlurmCommand {
  static let command = Command(
    name: "slurm", summary: "print an array script for sbatch",
    usage: ["NAME|FILE --tasks N [options]"], operand: .experiment,
    options: [
      .value("--tasks", "N", "shards, one a task"),
      .value("--time", "T", "time limit of a task; near it a task stops and is queued again"),
      .value("--cpus", "C", "cores of a task (1)"),
      .value("--partition", "P", "as sbatch takes it"),
      .value("--account", "A", "as sbatch takes it"),
      .value("--trials", "N", "as if written in the file"),
      .value("--output", "DIR", "where results go (default: results/NAME)"),
    ],
    examples: [
      .init(
        words: "slurm quickstart --tasks 64 --time 01:00:00 >job.sh && sbatch job.sh",
        meaning: "64 shards, then a job that merges them")
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandError) -> ExitCode {
    let word = try arguments.operand("experiment")
    let source = ExperimentSource(word)
    _ = try arguments.required("--tasks")
    let tasks = try arguments.integer("--tasks", in: 1...100_000) ?? 1
    var overrides = Configuration.Overrides()
    overrides.trials = try arguments.integer("--trials", in: 1...(1 << 32))
    if try source.configuration(overrides).untilDecided {
      throw CommandError(
        "\(source.file): trials that end when they decide cannot be divided beforehand; give trials "
          + "a number, with --trials for example")
    }
    let folder = ResultsFolder(arguments["--output"] ?? source.resultsPath)
    let cpus = try arguments.integer("--cpus", in: 1...1024) ?? 1
    var directives = [
      "--job-name=\(source.name)", "--array=1-\(tasks)", "--cpus-per-task=\(cpus)",
      // The time a run needs to stop in good order is that of its longest trial.
      "--signal=B:USR1@60", "--requeue", "--open-mode=append",
      "--output=\(source.name)-%A_%a.log",
    ]
    for option in ["--time", "--partition", "--account"] {
      guard let value = arguments[option] else { continue }
      guard value.allSatisfy({ $0.isLetter || $0.isNumber || "-_:.,".contains($0) }) else {
        throw CommandError("\(option): got \(value); expected a word as sbatch takes it")
      }
      directives.append("\(option)=\(value)")
    }
    var run = ["run", word, "--shard", "\"$SLURM_ARRAY_TASK_ID/\(tasks)\""]
    for option in ["--trials", "--output"] {
      if let value = arguments[option] { run += [option, value] }
    }
    run += ["--threads", "\"${SLURM_CPUS_PER_TASK:-1}\"", "--quiet"]
    Terminal.write(
      script(
        directives, run: run.map(quoted).joined(separator: " "),
        merge: "merge " + quoted(folder.argument), name: source.name))
    return .done
  }

  /// A word as the shell takes it; a word with quotes of its own stays as it is.
  private static func quoted(_ word: String) -> String {
    let plain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./,:=".contains($0) }
    return plain || word.hasPrefix("\"") ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }

  private static func script(
    _ directives: [String], run: String, merge: String, name: String
  ) -> String {
    """
    #!/bin/bash
    # Every task computes one shard; a last job unites them. Submit it with sbatch, in this folder.
    # Tasks that are missing in the end can be submitted again: sbatch --array=3,17 THIS_SCRIPT
    \(directives.map { "#SBATCH " + $0 }.joined(separator: "\n"))

    program=${PRUNEBOUNDS:-prunebounds}

    # The first of the tasks submits the job that waits for all of them, once.
    if [ "$SLURM_ARRAY_TASK_ID" = "$SLURM_ARRAY_TASK_MIN" ] && [ "${SLURM_RESTART_COUNT:-0}" = 0 ]; then
      sbatch --job-name='\(name)-merge' --output='\(name)-merge.log' --open-mode=append \\
        --dependency="afterany:$SLURM_ARRAY_JOB_ID" --export=ALL --wrap "$program \(merge)"
    fi

    # Near the time limit the run stops in good order and the task is queued again; a task that is
    # cancelled stops in good order too.
    again=
    stopped=
    trap 'again=yes; stopped=yes; kill -TERM "$run" 2>/dev/null' USR1
    trap 'stopped=yes; kill -TERM "$run" 2>/dev/null' TERM
    "$program" \(run) &
    run=$!
    wait "$run"
    code=$?
    # A signal ends wait, not the run.
    while [ -n "$stopped" ]; do
      stopped=
      wait "$run"
      status=$?
      [ "$status" = 127 ] || code=$status
    done
    if [ "$code" = 130 ] && [ "$again" = yes ]; then
      scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
      sleep 60
    fi
    exit "$code"

    """
  }
}
