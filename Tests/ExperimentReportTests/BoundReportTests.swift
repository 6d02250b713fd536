import ExperimentKit
import Foundation
import PruningBounds
import Testing

@testable import ExperimentReport

@Suite struct BoundReportTests {
  @Test func jsonHasThePromisedMembers() throws {
    let cell = try Example.configuration(Example.uniform).cells[0]
    let text = BoundReport(cell).json.pretty
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let ball = BallBound(try #require(cell.hypotheses), logDelta: log(0.05))
    // Foundation's reader may round the last digit the other way.
    let value = try #require(object["ball_bound"] as? Double)
    #expect(abs(value / ball.value - 1) < 1e-15)
    #expect(object["events"] as? Int == 3 && object["eta"] as? Double != nil)
    #expect(object["point_bound"] is Double && object["mean_field_rms"] is Double)
    let layers = try #require(object["layers"] as? [[String: Any]])
    #expect(layers.count == 3)
    #expect(layers[0]["pruned"] as? Int == 0 && layers[0]["pruned_part_bounds"] is NSNull)
    #expect(layers[0]["pruned_part_bound"] is NSNull && layers[0]["norm_bound"] is Double)
    let rows = try #require(layers[1]["pruned_part_bounds"] as? [String: Double])
    #expect(
      Set(rows.keys) == [
        "gaussianComparison", "gaussianSeries", "matrixSeries", "schur", "frobenius",
      ])
    #expect(layers[1]["pruned_part_bound"] as? Double == rows.values.min())
    #expect(layers[1]["rows"] as? Int == 8 && layers[1]["columns"] as? Int == 8)
  }

  @Test func whatIsUndefinedIsNull() throws {
    let law = #"{"law": "student-t", "degreesOfFreedom": 1, "scale": 1}"#
    let report = BoundReport(try Example.configuration(law).cells[0])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(report.json.pretty.utf8)) as? [String: Any])
    for key in ["ball_bound", "point_bound", "mean_field_rms", "eta", "events"] {
      #expect(object[key] is NSNull)
    }
    #expect(report.text.contains("not satisfied"))
  }

  @Test func textNamesTheRowThatDecides() throws {
    let text = BoundReport(try Example.configuration(Example.uniform).cells[0]).text
    #expect(text.contains("(frobenius)") || text.contains("(gaussianComparison)"))
    #expect(text.contains("the constants are ours"))
  }
}
