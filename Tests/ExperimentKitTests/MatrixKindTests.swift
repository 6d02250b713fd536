import Foundation
import PruningModel
import RandomStreams
import Testing

@testable import ExperimentKit
@testable import PruningBounds

@Suite struct MatrixKindTests {
  static func configuration(
    _ replaced: [String: String] = [:]
  ) throws(ConfigurationError) -> Configuration {
    var members = Example.members
    members["inputs"] = nil
    members["network"] = #"{"kind": "matrix", "rows": 12, "columns": 20}"#
    members["pruning"] = #"{"method": "random", "alpha": 0.3}"#
    members["trials"] = "200"
    members.merge(replaced) { $1 }
    let text = "{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ",") + "}"
    return try Configuration(text: Data(text.utf8), file: "matrix.json")
  }

  @Test func parametersThatDoNotApplyAreEmpty() throws {
    #expect(
      try Self.configuration().cells[0].parameters == [
        "matrix", "20 12", "", "", "", "uniform", "", "1.5", "random", "0.3", "", "", "", "0.05",
        "1.0",
      ])
  }

  @Test func everyBoundIsJudgedByItsQuantity() throws {
    for method in ["random", "magnitude"] {
      let configuration = try Self.configuration([
        "pruning": #"{"method": "\#(method)", "alpha": 0.3}"#, "delta": "0.1",
      ])
      let records = try configuration.records(threads: 2)
      let summary = try CellSummary.all(of: configuration, records: records)[0]
      let isMagnitude = method == "magnitude"
      let absent = Set(["reshape", "frequency"]).union(
        isMagnitude ? [] : ["unconditional", "unconditionalVariance", "threshold"])
      #expect(Set(summary.bounds.keys) == Set(MatrixBounds.names).subtracting(absent))
      for (name, bound) in summary.bounds {
        let isRow = PrunedPartBoundName(rawValue: name) != nil
        #expect(bound.verdict == (isRow ? .certified : .holds), "\(name)")
        #expect((bound.certificateViolations != nil) == isRow)
        #expect(try #require(bound.tightness) > 0.99)
      }
      for record in records {
        let (norm, upper) = (record.value(.prunedNorm)!, record.value(.prunedNormUpper)!)
        #expect(norm <= upper && upper <= 1.01 * norm)
        #expect((record.value(.threshold) != nil) == isMagnitude)
        #expect(record.value(.pointError) == nil)
      }
    }
  }

  /// The threshold's bound is an exact quantile: its violation rate is δ/4 itself, 0.125 here; 2000
  /// trials have standard error 0.0074, five of them are 0.037: false alarm 6e-7.
  @Test("The threshold's law is exact", arguments: ["uniform", "gaussian"])
  func threshold(law: String) throws {
    let configuration = try Self.configuration([
      "pruning": #"{"method": "magnitude", "alpha": 0.4}"#, "delta": "0.5", "trials": "2000",
      "weights": #"{"law": "\#(law)", "scale": 1}"#,
    ])
    let records = try configuration.records(threads: 2)
    let summary = try CellSummary.all(of: configuration, records: records)[0]
    // The slack of 1e-4 lets a violation pass now and then; the density there is far too small.
    let rate = Double(try #require(summary.bounds["threshold"]).violations) / 2000
    #expect(abs(rate - 0.125) < 0.037)
  }

  @Test func countsAndThresholdAreThoseOfTheMask() throws {
    var runner = TrialRunner()
    for method in PruningRule.Method.allCases {
      let design = TrialDesign(
        single: .dense(outputs: 5, inputs: 7), law: .gaussian, scale: 1, method: method, alpha: 0.4)
      let network = TrialDesign(
        widths: [7, 5], activation: .identity, law: .gaussian, scale: 1,
        pruning: PruningRule(method: method, alpha: 0.4, layers: .all),
        inputs: InputSource(
          count: 7,
          domain: .points(
            (0..<49).map { $0 / 7 == $0 % 7 ? 1 : 0 })))
      for trial in 0..<10 as Range<UInt32> {
        let address = TrialAddress(seed: 4, trial: trial)
        guard case .norms(let norms) = try runner.measure(design, at: address) else {
          Issue.record("no norms")
          continue
        }
        // The error at the unit vectors is the norm of each column of Δ.
        let errors = try runner.run(network, at: address)
        #expect(norms.prunedNorm >= errors.maximum * (1 - 1e-5))
        #expect(norms.prunedNorm <= errors.rootMeanSquare * 7.0.squareRoot() * (1 + 1e-5))
        let count = design.prunedCounts[0]
        #expect((count + 4) / 5 <= norms.maxRowCount && norms.maxRowCount <= min(7, count))
        #expect((count + 6) / 7 <= norms.maxColumnCount && norms.maxColumnCount <= min(5, count))
        #expect((norms.threshold == nil) == (method == .random))
      }
    }
  }

  @Test func boundsAreThoseOfTheTheory() throws {
    let cell = try Self.configuration().cells[0]
    let theory = CellTheory(cell)
    let layer = LayerHypotheses(
      rows: 12, columns: 20, scale: 1.5, pruned: cell.prunedCount, law: .uniform, method: .random)
    let table = layer.prunedPartBounds(logEta: log(0.05))
    for bound in table { #expect(theory.bounds[bound.name.rawValue] == bound.value) }
    #expect(theory.bounds["norm"] == layer.normBound(logEta: log(0.05)))
    #expect(cell.kind == .matrix && theory.network == nil && theory.meanField == nil)
  }
}
