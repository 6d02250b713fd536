import Foundation
import PruningBounds
import PruningModel
import Testing

@testable import ExperimentKit

@Suite struct CellSummaryTests {
  @Test func meansAndStandardErrors() throws {
    let configuration = try Example.configuration(["trials": "4"])
    let records = [1.0, 2, 3, 6].enumerated().map { trial, value in
      TrialRecord(
        cell: 0, trial: trial,
        outcome: .success(
          .errors(TrialErrors(point: value, rootMeanSquare: value, maximum: 2 * value))))
    }
    let summary = try CellSummary.all(of: configuration, records: records)[0]
    #expect(summary.errors[.pointError]?.mean == 3)
    // Squared deviations 4 + 1 + 0 + 9 = 14: √(14/3/4).
    let error = try #require(summary.errors[.pointError]?.standardError)
    #expect(abs(error - (14.0 / 12).squareRoot()) < 1e-15)
    #expect(summary.errors[.maxError]?.quantile.value == 12)
    // P(Bin(4, 0.95) < 3) = 0.014 ≤ 0.025 and P(Bin(4, 0.95) ≥ 4) = 0.81 > 0.025.
    #expect(
      summary.errors[.pointError]?.quantile.low == 3
        && summary.errors[.pointError]?.quantile.high == nil)
    // Mean square 50/4; the squares 1, 4, 9, 36 have standard error √(777/12).
    #expect(summary.rootMeanSquare == 12.5.squareRoot())
    let squares = [1.0, 4, 9, 36].map { ($0 - 12.5) * ($0 - 12.5) }.reduce(0, +)
    let delta = (squares / 12).squareRoot() / (2 * 12.5.squareRoot())
    #expect(abs((summary.rootMeanSquareError ?? 0) - delta) < 1e-14)
  }

  @Test func aSingleTrialHasNoStandardError() throws {
    let configuration = try Example.configuration(["trials": "1"])
    let summary = try CellSummary.all(
      of: configuration, records: try configuration.records(threads: 1))[0]
    #expect(summary.errors[.pointError]?.standardError == nil && summary.rootMeanSquareError == nil)
    #expect(summary.errors[.pointError]?.quantile.value == summary.errors[.pointError]?.mean)
  }

  @Test func nothingPrunedHoldsTrivially() throws {
    let configuration = try Example.configuration([
      "network": #"{"kind": "fullyConnected", "widths": [4, 8, 3]}"#, "trials": "100",
    ])
    let summary = try CellSummary.all(
      of: configuration, records: try configuration.records(threads: 1))[0]
    #expect(summary.bounds["ball"]?.bound == 0 && summary.bounds["ball"]?.verdict == .holds)
    #expect(summary.bounds["ball"]?.tightness == nil && summary.meanField == 0)
  }

  /// The root mean square agrees with the mean-field prediction to a few percent, as the theory
  /// says of widths from 64 on, and 1200 trials measure it to 1%.
  @Test(
    "Simulation agrees with the mean-field prediction",
    arguments: [
      #""relu""#, #""tanh""#, #""identity""#, #"{"leakyRelu": 0.2}"#,
    ])
  func meanField(activation: String) throws {
    for law in ["uniform", "gaussian"] {
      let configuration = try Example.configuration([
        "network": """
        {"kind": "fullyConnected", "widths": [32, 64, 64, 64, 10], "activation": \(activation)}
        """,
        "weights": #"{"law": "\#(law)", "scale": 1.7}"#, "trials": "1200",
        "grid": #"{"pruning.method": ["random", "magnitude"]}"#,
      ])
      let records = try configuration.records(threads: 2)
      for summary in try CellSummary.all(of: configuration, records: records) {
        let measured = try #require(summary.rootMeanSquare)
        let predicted = try #require(summary.meanField)
        #expect(abs(measured / predicted - 1) < 0.05, "\(summary.cell.parameters)")
      }
    }
  }
}
