import Foundation
import PruningBounds
import PruningModel
import Testing

@testable import ExperimentKit

@Suite struct ConvolutionalKindTests {
  static let network = #"""
    {"kind": "convolutional", "inputChannels": 2, "inputSize": 6, "channels": [3, 4, 5], "kernel": 3,
     "padding": "zero", "hiddenWidths": [7], "outputWidth": 3, "activation": "tanh"}
    """#

  static func configuration(_ replaced: [String: String] = [:]) throws -> Configuration {
    try Example.configuration(
      ["network": network, "grid": #"{"pruning.method": ["random", "magnitude"]}"#]
        .merging(replaced) { $1 })
  }

  @Test func parameters() throws {
    let cell = try Self.configuration().cells[0]
    #expect(
      Array(cell.parameters[0..<5]) == ["convolutional", "2x6x6 3 4 5 7 3", "3", "zero", "tanh"])
    #expect(cell.design.widths == [72, 108, 144, 180, 7, 3])
    #expect(cell.design.layerCount == 5)
    // Layers 2 … 4: two convolutions and the first matrix.
    #expect(cell.design.prunedCounts.map { $0 > 0 } == [false, true, true, true, false])
    #expect(cell.kind == .network)
    let text = #"""
      {"kind": "convolutionMatrix", "outChannels": 4, "inChannels": 3, "kernel": 5, "inputSize": 8,
       "padding": "circular"}
      """#
    let single = try Example.configuration(["network": text, "inputs": "", "pruning": Self.rule])
    #expect(
      Array(single.cells[0].parameters[0..<5])
        == ["convolutionMatrix", "3x8x8 4", "5", "circular", ""])
    #expect(single.cells[0].kind == .matrix)
  }

  static let rule = #"{"method": "random", "alpha": 0.3}"#

  @Test func hiddenWidthsMayBeEmpty() throws {
    let text = Self.network.replacingOccurrences(of: "[7]", with: "[]")
    let cell = try Self.configuration(["network": text]).cells[0]
    #expect(cell.parameters[1] == "2x6x6 3 4 5 3" && cell.design.layerCount == 4)
  }

  /// Zero failures in 200 trials decide every bound: 0.95²⁰⁰ = 3.5e-5 is below 0.05 over eight pairs.
  @Test func theBoundsHold() throws {
    let configuration = try Self.configuration([
      "trials": "200", "measure": #"["ballLower", "certificate"]"#,
    ])
    let records = try configuration.records(threads: 2)
    #expect(try records == configuration.records(threads: 3))
    for summary in try CellSummary.all(of: configuration, records: records) {
      #expect(Set(summary.bounds.keys) == ["ball", "point", "refined_ball", "refined_point"])
      for (name, bound) in summary.bounds {
        #expect(bound.verdict == .holds || bound.verdict == .certified, "\(name)")
      }
      #expect(summary.meanField == nil)
    }
  }

  @Test func everyBoundOfAKernelHolds() throws {
    for padding in ["circular", "zero"] {
      let text = #"""
        {"kind": "convolutionMatrix", "outChannels": 5, "inChannels": 4, "kernel": 3,
         "inputSize": 6, "padding": "\#(padding)"}
        """#
      for method in ["random", "magnitude"] {
        let configuration = try Example.configuration([
          "network": text, "inputs": "", "delta": "0.1", "trials": "100",
          "pruning": #"{"method": "\#(method)", "alpha": 0.3}"#,
        ])
        let records = try configuration.records(threads: 2)
        let summary = try CellSummary.all(of: configuration, records: records)[0]
        let names: Set<String> = [
          "norm", "kept_norm", "reshape", "frequency", "gaussianSeries", "matrixSeries", "schur",
          "frobenius", "max_row_count", "max_column_count",
        ]
        #expect(
          Set(summary.bounds.keys) == names.union(method == "random" ? [] : ["threshold"]))
        for (name, bound) in summary.bounds {
          #expect(bound.verdict == .holds || bound.verdict == .certified, "\(name)")
        }
      }
    }
  }
}
