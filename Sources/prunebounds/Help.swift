/// What `prunebounds --help` prints.
enum Help {
  static let text = """
    prunebounds: Monte Carlo experiments that check probabilistic bounds of pruned networks

    usage:
      prunebounds list                       the experiments in ./experiments and their claims
      prunebounds validate [NAME|FILE ...]   read configurations, say what is wrong
      prunebounds run NAME|FILE [options]    run an experiment, print its verdict table
          --trials N, --seed S               as if written in the file
          --measure ballLower,certificate    likewise
          --threads N                        serial queues (default: one a core)
          --output DIR                       where results go (default: results/NAME)
          --shard I/N                        one of N parts; merge unites them
          --fresh                            remove earlier results first
          --dry-run                          say what would be run
          --quiet                            no progress on a terminal
                                             run goes on where an earlier one stopped
      prunebounds status NAME|DIR            trials there, missing, failed, by cell and shard
      prunebounds merge NAME|DIR [DIR ...]   final files from the shards, of other folders too
      prunebounds compare NAME|DIR           the verdict table, from the files alone
      prunebounds report NAME|DIR | --all    report.html and figures; with --all an index too
      prunebounds verify NAME|DIR [--sample N|all] [--threads N]
                                             recompute rows (100) and the summary, to the bit
      prunebounds slurm NAME|FILE --tasks N [--time T] [--cpus C] [--partition P] [--account A]
          [--trials N] [--output DIR]        an array script for sbatch
      prunebounds bound NAME|FILE [--json]   bounds of every cell of an experiment
      prunebounds bound --widths 16,256,256,256,10 --law uniform --scale 1.7320508075688772
          --method random --alpha 0.3 --delta 0.05 [--degrees-of-freedom 5]
          [--layers hidden|all|2,4] [--activation relu|tanh|identity|leakyRelu:0.1] [--json]
      prunebounds plan NAME|FILE|(options of bound) --epsilon E [--max-width 4096]
          [--bound ball|point|sharpPoint|netBall] [--json]
                                             smallest width, most prunable weights
      prunebounds replay NAME|DIR CELL TRIAL recompute one trial and look into it
      prunebounds bench [--width 256] [--method random|magnitude] [--seconds 5] [--threads N]
          [--measure ballLower,certificate] [--json]      trials per second of a standard workload
          --network convolutional            3 to 32 to 32 to 32 channels, 16 x 16, kernel 3
          --sweep                            widths 32 to 4096
          --kernels                          products and random numbers by themselves
          --journal                          what keeping every trial costs
      prunebounds --help | --version

    NAME is a file experiments/NAME.json; a word with "/" or ending in ".json" is a path.
    exit codes: 0 done, 1 a bound is violated or a recomputed value differs, 2 usage or
    configuration, 3 input/output, 130 stopped by a signal (run again to go on).

    """
}
