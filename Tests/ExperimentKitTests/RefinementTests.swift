import Foundation
import PruningModel
import Testing

@testable import ExperimentKit

@Suite struct RefinementTests {
  private func widths(_ configuration: Configuration) -> [Int] {
    configuration.cells.map { $0.design.sizes[1] }
  }

  @Test func wholeNumbersBetween() throws {
    let few = try Example.configuration(["grid": #"{"network.hiddenWidth": [16, 64, 20]}"#])
    let widths = widths(few.refined)
    #expect(widths.first == 16 && widths.last == 20 && widths.contains(64))
    #expect(Set(widths).count == widths.count && widths.count > 20)
    #expect(widths.allSatisfy { (16...64).contains($0) })
    // Where there is nothing between, what was written stays.
    let dense = try Example.configuration(["grid": #"{"network.hiddenLayers": [2, 3, 4]}"#])
    #expect(dense.refined.cells.map(\.parameters) == dense.cells.map(\.parameters))
  }

  @Test func thePlotsKeyInEveryGrid() throws {
    let experiment = try Example.configuration([
      "grid": """
      [{"pruning.method": ["random", "magnitude"], "pruning.alpha": [0.2, 0.6]},
       {"pruning.alpha": [0.4], "delta": [0.1, 0.2]}]
      """, "plot": #"{"x": "pruning.alpha"}"#,
    ])
    let refined = experiment.refined
    #expect(refined.cells.count == 2 * 33 + 2)
    // Every cell is there, with the same numbers.
    let parameters = Set(refined.cells.map(\.parameters))
    #expect(experiment.cells.allSatisfy { parameters.contains($0.parameters) })
    let alphas = refined.cells.prefix(66).map(\.design.pruning.alpha)
    // The method varies faster.
    for (a, b) in zip(alphas, alphas.dropFirst(2)) { #expect(abs(b / a - pow(3, 1 / 32.0)) < 1e-9) }
  }

  @Test func listsGoTogether() throws {
    let experiment = try Example.configuration([
      "grid": #"{"network": [{"kind": "fullyConnected", "widths": [4, 8, 8, 3]}]}"#
    ])
    #expect(experiment.refined.cells.count == 1)
    let network = #"{"kind": "fullyConnected", "widths": [4, 8, 8, 3]}"#
    let depth = try Example.configuration([
      "network": network, "grid": #"{"network.widths": [[4, 8, 3], [4, 8, 8, 3]]}"#,
    ])
    #expect(depth.refined.cells.count == 2)
    let swept = try Example.configuration([
      "network": network,
      "grid": #"{"network.widths": [[4, 8, 8, 3], [4, 16, 32, 3]]}"#,
    ])
    for cell in swept.refined.cells {
      let sizes = cell.design.sizes
      #expect(sizes[0] == 4 && sizes[3] == 3 && (8...16).contains(sizes[1]))
      #expect((8...32).contains(sizes[2]) && sizes[1] <= sizes[2])
    }
    #expect(swept.refined.cells.count > 10)
  }

  /// Theory is not to take longer than the trials.
  @Test func manyCellsStayAsTheyAre() throws {
    let deltas = (1...300).map { String(Double($0) / 1000) }.joined(separator: ", ")
    let experiment = try Example.configuration([
      "grid": "{\"delta\": [\(deltas)], \"network.hiddenWidth\": [8, 64]}",
      "plot": #"{"x": "network.hiddenWidth"}"#,
    ])
    #expect(experiment.cells.count == 600 && experiment.refined.cells.count == 600)
  }

  /// Laws, choices and kernels have nothing between them.
  @Test(arguments: [
    #"{"pruning.method": ["random", "magnitude"]}"#,
    #"{"weights": [{"law": "uniform", "scale": 1}, {"law": "gaussian", "scale": 1}]}"#,
    #"{"network": [{"kind": "fullyConnected", "widths": [4, 8, 3]}]}"#, "",
  ])
  func nothingBetween(grid: String) throws {
    let experiment = try Example.configuration(["grid": grid])
    #expect(experiment.refined.cells.map(\.parameters) == experiment.cells.map(\.parameters))
  }
}
