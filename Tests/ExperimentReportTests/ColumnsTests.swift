import ExperimentKit
import Foundation
import Testing

@testable import ExperimentReport

enum Example {
  static func configuration(_ law: String, trials: Int = 150) throws -> Configuration {
    let text = """
      {"claim": "a claim, with a comma",
       "network": {"kind": "fullyConnected", "widths": [4, 8, 8, 3], "activation": "relu"},
       "weights": \(law), "pruning": {"method": "random", "alpha": 0.3},
       "inputs": {"count": 5}, "delta": 0.05, "trials": \(trials), "seed": 7,
       "grid": {"pruning.alpha": [0.2, 0.4]}}
      """
    return try Configuration(text: Data(text.utf8), file: "example.json")
  }

  /// Runs an experiment in a folder of its own.
  static func withTrials<Result>(
    of configuration: Configuration, _ body: (FinishedTrials) throws -> Result
  ) throws -> Result {
    let path = NSTemporaryDirectory() + "prunebounds-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    let run = try ExperimentRun(configuration, in: ResultsFolder(path), threads: 1)
    return try body(try #require(try run.compute()))
  }

  static let uniform = #"{"law": "uniform", "scale": 1.5}"#

  static func summary(_ law: String, trials: Int = 150) throws -> (Configuration, CSVTable) {
    let configuration = try configuration(law, trials: trials)
    let summaries = try withTrials(of: configuration) { try CellSummary.all(of: $0) }
    let text =
      SummaryColumns.all(.network).header()
      + summaries.map { SummaryColumns.all(.network).line($0) }.joined()
    return (configuration, try #require(CSVTable(text)))
  }
}

@Suite struct ColumnsTests {
  @Test func trialColumnsAreThePromisedOnes() {
    #expect(
      TrialColumns.all(.network).header()
        == "cell,trial,seed,kind,widths,kernel,padding,activation,law,degrees_of_freedom,scale,"
        + "method,alpha,layers,input_count,input_domain,delta,bound_factor,pruned,point_error,"
        + "rms_error,max_error,ball_lower,certificate,status\n")
  }

  @Test func summaryColumnsAreThePromisedOnes() {
    let errors = ["point_error", "max_error", "ball_lower", "certificate"].flatMap { error in
      ["mean", "se", "quantile", "quantile_low", "quantile_high"].map { error + "_" + $0 }
    }
    let known = [
      "ball", "point", "sharp_point", "net_ball", "refined_ball", "refined_point",
    ]
    let bounds = known.flatMap { bound in
      ["bound", "violations", "violation_upper", "verdict", "tightness", "trials_needed"].map {
        bound + "_" + $0
      }
    }
    let names =
      ["cell"] + Cell.parameterNames + ["trials", "failed"] + errors
      + ["rms_error", "rms_error_se", "mean_field_rms"] + bounds
      + [
        "ball_certificate_violations", "ball_vacuous", "net_ball_certificate_violations",
        "refined_ball_certificate_violations",
      ]
    #expect(SummaryColumns.all(.network).map(\.name) == names)
  }

  @Test func trialRows() throws {
    let configuration = try Example.configuration(Example.uniform, trials: 2)
    var (records, lines, table) = ([TrialRecord](), [String](), [String]())
    try Example.withTrials(of: configuration) { trials in
      for cell in 0..<2 { try trials.forEachRecord(ofCell: cell) { records.append($0) } }
      try TrialColumns.write(trials) { table.append($0) }
    }
    for record in records {
      lines.append(TrialColumns.all(.network).line(TrialRow(record, of: configuration)))
    }
    // The quick way to write the table gives the same.
    #expect(table.joined() == TrialColumns.all(.network).header() + lines.joined())
    let start =
      "1,0,7,fullyConnected,4 8 8 3,,,relu,uniform,,1.5,random,0.4,hidden,5,sphere,0.05,1.0,12,"
    #expect(lines[2].hasPrefix(start))
    #expect(lines[2].hasSuffix(",,,ok\n"))
    let fields = try #require(CSV.parse(lines[2])?.first)
    for (place, quantity) in [(19, Quantity.pointError), (20, .rmsError), (21, .maxError)] {
      #expect(fields[place] == records[2].value(quantity)?.description)
    }
  }

  @Test func whatIsNotANumberIsEmpty() {
    let column = Column<Double>("x", real: { $0 })
    #expect(
      [column].line(.nan) == "\n" && [column].line(.infinity) == "\n" && [column].line(1) == "1.0\n"
    )
    #expect([column].line(1e-5) == "1e-05\n")
  }

  @Test func summaryRows() throws {
    let (_, table) = try Example.summary(Example.uniform)
    #expect(table.records.count == 2)
    #expect(table.records[1]["alpha"] == "0.4" && table.records[1]["trials"] == "150")
    #expect(table.records[0]["ball_verdict"] == "holds")
    #expect(
      table.records[0]["ball_vacuous"] == "false" || table.records[0]["ball_vacuous"] == "true")
    #expect(table.records[0]["ball_lower_mean"] == "")
    let unbounded = #"{"law": "student-t", "degreesOfFreedom": 1.5, "scale": 1}"#
    let (_, outside) = try Example.summary(unbounded)
    #expect(outside.records[0]["ball_bound"] == "")
    #expect(outside.records[0]["ball_verdict"] == "outside hypotheses")
    #expect(outside.records[0]["mean_field_rms"] == "")
  }
}
