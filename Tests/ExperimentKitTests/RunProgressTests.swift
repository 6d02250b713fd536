import Testing

@testable import ExperimentKit

@Suite struct RunProgressTests {
  private func last(
    _ configuration: Configuration, in path: String, shard: Shard? = nil
  ) throws -> RunProgress {
    let run = try ExperimentRun(
      configuration, in: ResultsFolder(path), shard: shard, threads: 2)
    var last: RunProgress?
    _ = try run.compute { last = $0 }
    return try #require(last)
  }

  private func counts(_ progress: RunProgress) -> [String] {
    progress.verdicts.map { "\($1) \($0.rawValue)" }
  }

  /// At the end, what is shown is what the tables say.
  @Test func theLastVerdictsAreTheFinalOnes() throws {
    let configuration = try Example.configuration([
      "trials": "300", "measure": #"["certificate"]"#,
      "grid": """
      [{"delta": [0.05, 0.5], "boundFactor": [0.01, 1]},
       {"weights": [{"law": "laplace", "scale": 1}, {"law": "uniform", "scale": 1e38}]}]
      """,
    ])
    let records = try configuration.records(threads: 1)
    let summaries = try CellSummary.all(of: configuration, records: records)
    try Example.withFolder { path in
      let progress = try last(configuration, in: path)
      #expect(progress.done == progress.total && progress.workLeft < 1e-9)
      // Cells that share their trials share their failures.
      let series = configuration.seriesOfCell
      let failed = series.indices.filter { series.firstIndex(of: series[$0]) == $0 }
        .reduce(0) { $0 + summaries[$1].failed }
      #expect(progress.failed == failed && failed > 0)
      // Found in the journal, not computed: the same.
      #expect(try last(configuration, in: path).failed == failed)
    }
    let verdicts = summaries.filter(\.cell.satisfiesHypotheses).flatMap {
      $0.bounds.values.map(\.verdict)
    }
    try Example.withFolder { path in
      // Judged once, when all is there.
      let run = try ExperimentRun(configuration, in: ResultsFolder(path), threads: 2)
      var last: RunProgress?
      _ = try run.compute { _ in }
      _ = try run.compute { last = $0 }
      let progress = try #require(last)
      #expect(counts(progress) == Verdict.counts(verdicts).map { "\($1) \($0.rawValue)" })
      #expect(counts(progress).count >= 2)
    }
  }

  @Test func ofAShardNothingIsJudged() throws {
    let configuration = try Example.configuration()
    try Example.withFolder { path in
      let progress = try last(configuration, in: path, shard: Shard("1/2"))
      #expect(progress.done == 5 && progress.total == 5 && progress.verdicts.isEmpty)
    }
  }
}
