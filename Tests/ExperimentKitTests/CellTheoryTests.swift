import Foundation
import PruningBounds
import Testing

@testable import ExperimentKit

@Suite struct CellTheoryTests {
  @Test func whatIsPreparedOnEveryCoreIsWhatOneCellGets() throws {
    let cells = try Example.configuration([
      "grid": #"{"pruning.alpha": [0.5, 0.2], "network.hiddenWidth": [16, 8]}"#
    ]).cells
    CellTheory.prepare(cells)
    // Again, with nothing left to do.
    CellTheory.prepare(cells)
    for cell in cells {
      let hypotheses = try #require(cell.hypotheses)
      let direct = NetworkBounds(hypotheses, logDelta: log(cell.delta))
      #expect(CellTheory(cell).network == direct)
    }
  }
}
