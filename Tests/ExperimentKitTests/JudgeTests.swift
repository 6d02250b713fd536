import Foundation
import PruningBounds
import PruningModel
import Testing

@testable import ExperimentKit

@Suite struct JudgeTests {
  func certified(_ certificates: [Double], errors: Double = 0.5) throws -> Verdict? {
    let configuration = try Example.configuration([
      "trials": "\(certificates.count)", "measure": #"["certificate"]"#,
    ])
    let ball = BallBound(configuration.cells[0].hypotheses!, logDelta: log(0.05)).value
    let records = certificates.enumerated().map { trial, multiple in
      TrialRecord(
        cell: 0, trial: trial,
        outcome: .success(
          .errors(
            TrialErrors(
              point: 0, rootMeanSquare: 0, maximum: errors * ball, certificate: multiple * ball))))
    }
    return try CellSummary.all(of: configuration, records: records)[0].bounds["ball"]?.verdict
  }

  @Test func certificatesUnderTheBoundCertify() throws {
    #expect(try certified([Double](repeating: 0.9, count: 100)) == .certified)
    // Certificates above the bound say nothing against it.
    #expect(try certified([Double](repeating: 1.5, count: 100)) == .holds)
    #expect(try certified((0..<100).map { $0 < 10 ? 1.5 : 0.5 }) == .holds)
    #expect(try certified([Double](repeating: 0.9, count: 20)) == .undecided)
    // Three pairs have certificates: 0.95ⁿ ≤ 0.05/3 from n = 80 on, where the six pairs of the other
    // family still need 94.
    #expect(try certified([Double](repeating: 0.9, count: 80)) == .certified)
    #expect(try certified([Double](repeating: 1.9, count: 100), errors: 1.5) == .violated)
  }

  /// Summaries of trials whose errors are given as multiples of the point bound and of the ball
  /// bound; nil is a failed trial.
  func summaries(
    _ configuration: Configuration, multiples: [[Double?]]
  ) throws -> [CellSummary] {
    let records = configuration.cells.enumerated().flatMap { index, cell in
      let hypotheses = cell.hypotheses!
      let ball = BallBound(hypotheses, logDelta: log(cell.delta)).value
      let point = PointBound(hypotheses, logDelta: log(cell.delta)).value
      return multiples[index].enumerated().map { trial, multiple in
        TrialRecord(
          cell: index, trial: trial,
          outcome: multiple.map {
            .success(
              .errors(
                TrialErrors(point: $0 * point, rootMeanSquare: 1, maximum: $0 * ball)))
          } ?? .failure(.nonFiniteValue(layer: 1)))
      }
    }
    return try CellSummary.all(of: configuration, records: records)
  }

  func summary(_ multiples: [Double?], _ replaced: [String: String] = [:]) throws -> CellSummary {
    let members = replaced.merging(["trials": "\(multiples.count)"]) { $1 }
    return try summaries(try Example.configuration(members), multiples: [multiples])[0]
  }

  @Test func holds() throws {
    let summary = try summary([Double](repeating: 0.5, count: 100))
    #expect(summary.bounds["ball"]?.verdict == .holds && summary.bounds["point"]?.verdict == .holds)
    #expect(summary.bounds["ball"]?.violations == 0 && summary.bounds["ball"]?.trialsNeeded == nil)
    let tightness = try #require(summary.bounds["ball"]?.tightness)
    #expect(abs(tightness - 2) < 1e-12)
    let upper = try #require(summary.bounds["ball"]?.violationUpper)
    #expect(abs(upper - (1 - pow(0.05, 0.01))) < 1e-12)
  }

  @Test func violated() throws {
    // 14 of 100 at δ = 0.05: P(Bin ≥ 14) = 5e-4.
    let values = (0..<100).map { $0 < 14 ? 1.5 : 0.5 }
    #expect(try summary(values).bounds["ball"]?.verdict == .violated)
  }

  @Test func undecidedSaysHowManyTrialsAreMissing() throws {
    let summary = try summary([Double](repeating: 0.5, count: 20))
    #expect(summary.bounds["ball"]?.verdict == .undecided)
    // Six pairs, none rejected: the next must meet 0.05/6; 0.95ⁿ ≤ 0.05/6 from n = 94 on.
    #expect(summary.bounds["ball"]?.trialsNeeded == 74)
    #expect(try self.summary([Double](repeating: 0.5, count: 94)).bounds["ball"]?.verdict == .holds)
    #expect(
      try self.summary([Double](repeating: 0.5, count: 93)).bounds["ball"]?.verdict == .undecided)
  }

  @Test func theSlackIsOneInTenThousand() throws {
    let below = try summary([Double](repeating: 1.00009, count: 100))
    #expect(below.bounds["ball"]?.violations == 0)
    let above = try summary([Double](repeating: 1.00011, count: 100))
    #expect(above.bounds["ball"]?.violations == 100 && above.bounds["ball"]?.verdict == .violated)
  }

  @Test func failedTrialsSpeakAgainstHoldsAndNotForViolated() throws {
    let failing = (0..<100).map { $0 < 14 ? nil : 0.5 }
    let summary = try summary(failing)
    #expect(summary.failed == 14 && summary.bounds["ball"]?.violations == 0)
    #expect(summary.bounds["ball"]?.verdict == .undecided)
    let all = try self.summary([Double?](repeating: nil, count: 100))
    #expect(all.bounds["ball"]?.verdict == .undecided && all.bounds["ball"]?.tightness == nil)
    #expect(all.errors[.maxError] == nil && all.bounds["ball"]?.violationUpper == 1)
  }

  @Test func outsideTheHypothesesNothingIsJudged() throws {
    let laplace = ["weights": #"{"law": "laplace", "scale": 1}"#]
    let summary = try summary([Double](repeating: 9, count: 100), laplace)
    #expect(summary.bounds["ball"]?.verdict == .outsideHypotheses)
    #expect(summary.bounds["point"]?.verdict == .outsideHypotheses)
    #expect(summary.bounds["ball"]?.violations == 100)
  }

  @Test func withoutAVarianceThereAreNoBounds() throws {
    let configuration = try Example.configuration([
      "weights": #"{"law": "student-t", "degreesOfFreedom": 2, "scale": 1}"#
    ])
    let records = try configuration.records(threads: 1)
    let summary = try CellSummary.all(of: configuration, records: records)[0]
    #expect(summary.bounds.isEmpty && summary.meanField == nil)
    #expect(summary.errors[.maxError] != nil)
  }

  @Test func theBoundFactorMultipliesBothBounds() throws {
    let plain = try summary([Double](repeating: 0.5, count: 100))
    let lying = try summary([Double](repeating: 0.5, count: 100), ["boundFactor": "0.25"])
    #expect(lying.bounds["ball"]?.bound == plain.bounds["ball"].map { $0.bound * 0.25 })
    #expect(lying.bounds["point"]?.bound == plain.bounds["point"].map { $0.bound * 0.25 })
    #expect(
      lying.bounds["ball"]?.verdict == .violated && lying.bounds["point"]?.verdict == .violated)
    #expect(lying.meanField == plain.meanField)
  }

  /// Holm over the whole table: a rate that would be rejected alone is not among forty.
  @Test func familiesSpanAllCells() throws {
    let grid = (1...20).map { "0.\($0 + 10)" }.joined(separator: ", ")
    let configuration = try Example.configuration([
      "grid": #"{"pruning.alpha": [\#(grid)]}"#, "trials": "200",
    ])
    // 17 of 200 at δ = 0.05: P(Bin ≥ 17) = 0.024 ≤ 0.05, but above 0.05/40.
    let one = (0..<200).map { $0 < 17 ? 1.5 : 0.5 }
    let others = [Double?](repeating: 0.5, count: 200)
    var verdicts = try summaries(
      configuration, multiples: [one] + Array(repeating: others, count: 19))
    #expect(verdicts[0].bounds["ball"]?.verdict == .undecided)
    // One false cell among the twenty is flagged, and only that.
    let bad = (0..<200).map { $0 < 45 ? 1.5 : 0.5 }
    verdicts = try summaries(configuration, multiples: [bad] + Array(repeating: others, count: 19))
    #expect(verdicts[0].bounds["ball"]?.verdict == .violated)
    #expect(verdicts.dropFirst().allSatisfy { $0.bounds["ball"]?.verdict == .holds })
  }

  /// At π = 2δ = 0.1, n = 500: the power of the test at level 0.05/12 is 0.945 (P(Bin(500, 0.1)
  /// ≥ 40), and 40 is the least significant count): of 300 experiments 283 are found, give or take 4.
  @Test func twiceTheRateIsFound() {
    var generator = Generator(state: 11)
    let found = (0..<300).count { _ in
      let violations = (0..<500).count { _ in generator.next() < 0.1 }
      let sample = Sample(trials: 500, violations: violations, failed: 0, delta: 0.05)
      return sample.violatedPValue <= 0.05 / 12
    }
    #expect(found > 270)
  }

  /// At π = δ, 2000 experiments: `violated` at most at its level 0.05 (per bound pair, so the family
  /// error counts either), within 4 standard errors, 0.05 + 4·0.0049: false alarm 3e-5.
  @Test func theLevelIsKeptAtTheBoundary() {
    var generator = Generator(state: 7)
    var (falseViolated, falseHolds) = (0, 0)
    for _ in 0..<2000 {
      let violations = (0..<200).count { _ in generator.next() < 0.05 }
      let sample = Sample(trials: 200, violations: violations, failed: 0, delta: 0.05)
      if sample.violatedPValue <= 0.05 { falseViolated += 1 }
      if sample.holdsPValue <= 0.05 { falseHolds += 1 }
    }
    #expect(Double(falseViolated) / 2000 < 0.0695)
    #expect(Double(falseHolds) / 2000 < 0.0695)
    // The tests are exact but not idle: the discrete levels at n = 200 are 0.0444 and 0.0264.
    #expect(falseViolated > 20 && falseHolds > 20)
  }
}
