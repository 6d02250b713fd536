import PruningBounds
import PruningModel
import Testing

@testable import ExperimentKit

@Suite struct SequentialJudgeTests {
  static let adaptive = [
    "trials": #"{"max": 5000, "until": "decided"}"#, "grid": #"{"pruning.alpha": [0.2, 0.4]}"#,
  ]

  func run(_ replaced: [String: String], threads: Int = 2) throws -> ([TrialRecord], [CellSummary])
  {
    let configuration = try Example.configuration(Self.adaptive.merging(replaced) { $1 })
    let records = try configuration.records(threads: threads)
    return (records, try CellSummary.all(of: configuration, records: records))
  }

  @Test func endsWithTheDecision() throws {
    let (records, summaries) = try run([:])
    #expect(
      summaries.allSatisfy {
        $0.bounds["ball"]?.verdict == .holds && $0.bounds["point"]?.verdict == .holds
      })
    // Twelve pairs, three families: 0.05/36. Without a violation M_n ≥ 720 first at this n.
    var test = AnytimeTest(delta: 0.05)
    while test.rejection(level: 0.05 / 36) == nil { test.observe(false) }
    #expect(summaries.allSatisfy { $0.trials >= test.trials })
    // The last trial of a cell decides its last bound.
    let configuration = try Example.configuration(Self.adaptive)
    for (index, judge) in SequentialJudge.judges(of: configuration).enumerated() {
      var judge = judge
      let own = records.filter { $0.cell == index }
      #expect(own.map(\.trial) == Array(0..<summaries[index].trials))
      for record in own.dropLast() { #expect(judge.observe(record) && !judge.isDecided) }
      #expect(judge.observe(own[own.count - 1]) && judge.isDecided)
    }
  }

  @Test("Threads leave no trace", arguments: [1, 3, 7])
  func threads(count: Int) throws {
    #expect(try run([:], threads: count).0 == run([:], threads: 2).0)
  }

  @Test func violatedAndCertified() throws {
    let (_, lying) = try run(["boundFactor": "0.0001"])
    #expect(lying.allSatisfy { $0.bounds["ball"]?.verdict == .violated && $0.trials < 64 })
    let (_, certified) = try run(["measure": #"["ballLower", "certificate"]"#, "delta": "0.2"])
    #expect(certified.allSatisfy { $0.bounds["ball"]?.verdict == .certified })
  }

  @Test func theMaximumEndsItUndecided() throws {
    let (records, summaries) = try run(["trials": #"{"max": 50, "until": "decided"}"#])
    #expect(
      records.count == 100 && summaries.allSatisfy { $0.bounds["ball"]?.verdict == .undecided })
    #expect(summaries.allSatisfy { ($0.bounds["ball"]?.trialsNeeded ?? 0) > 50 })
  }

  @Test func cellsWithoutAClaimTakeAllTrials() throws {
    let (records, summaries) = try run([
      "weights": #"{"law": "laplace", "scale": 1}"#,
      "trials": #"{"max": 300, "until": "decided"}"#,
    ])
    #expect(records.count == 600)
    #expect(summaries.allSatisfy { $0.bounds["ball"]?.verdict == .outsideHypotheses })
  }

  /// 400 experiments of one cell at a rate of δ itself: false verdicts at most at level 0.05 (the
  /// judge's own share is 0.05/3 for each of three families), and four standard errors, 0.044.
  @Test func theLevelHoldsOverTheFamilies() throws {
    let cell = try Example.configuration().cells[0]
    var generator = Generator(state: 3)
    var decided = 0
    for _ in 0..<400 {
      var pair = SequentialJudge.Pair(bound: 1, delta: cell.delta, level: 0.05 / 6)
      for _ in 0..<1500 where pair.verdict == .undecided {
        let error = generator.next() < 0.05 ? 2.0 : 0.5
        pair.observe(error, certificate: error, certifies: true)
      }
      if pair.verdict != .undecided { decided += 1 }
    }
    #expect(Double(decided) / 400 < 0.094)
  }
}
