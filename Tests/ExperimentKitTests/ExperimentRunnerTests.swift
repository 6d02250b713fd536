import PruningModel
import Testing

@testable import ExperimentKit

@Suite struct ExperimentRunnerTests {
  static let grid =
    #"{"network.hiddenWidth": [8, 33, 5], "pruning.method": ["random", "magnitude"]}"#

  @Test("Records do not depend on the number of threads", arguments: [1, 2, 7])
  func threads(count: Int) throws {
    let configuration = try Example.configuration(["grid": Self.grid, "trials": "37"])
    let records = try configuration.records(threads: count)
    #expect(records.map(\.cell) == (0..<6).flatMap { Array(repeating: $0, count: 37) })
    #expect(records.map(\.trial) == (0..<6).flatMap { _ in Array(0..<37) })
    // Each is the pure function of its address.
    for record in records {
      var runner = TrialRunner()
      let address = TrialAddress(seed: 1, trial: UInt32(record.trial))
      let errors = try runner.run(configuration.cells[record.cell].design, at: address)
      #expect(record.outcome == .success(.errors(errors)) && record.status == "ok")
    }
  }

  @Test func cellsShareTheirDrawsUnlessIndependent() throws {
    let grid = #"{"pruning.alpha": [0.5, 0.4999]}"#
    func errors(_ cells: String) throws -> [Double?] {
      let configuration = try Example.configuration(["grid": grid, "trials": "1", "cells": cells])
      return try configuration.records(threads: 1).map { $0.value(.pointError) }
    }
    // Both prune eight of 64 weights: the same trial, where draws are shared.
    let paired = try errors(#""paired""#)
    #expect(paired[0] == paired[1])
    let independent = try errors(#""independent""#)
    #expect(independent[0] != independent[1])
    #expect(independent[0] != paired[0])
  }

  @Test func addingCellsOrTrialsChangesNoRecord() throws {
    let small = try Example.configuration(["grid": #"{"pruning.alpha": [0.5]}"#, "trials": "5"])
    let large = try Example.configuration([
      "grid": #"{"pruning.alpha": [0.2, 0.5]}"#, "trials": "9",
    ])
    let few = try small.records(threads: 2).map(\.outcome)
    let many = try large.records(threads: 2).map(\.outcome)
    #expect(Array(many[9..<14]) == few)
  }

  @Test func failedTrialsAreRecordedAndCounted() throws {
    let configuration = try Example.configuration([
      "weights": #"{"law": "student-t", "degreesOfFreedom": 0.1, "scale": 1}"#, "trials": "200",
    ])
    let records = try configuration.records(threads: 2)
    let failed = records.filter(\.isFailed)
    #expect(!failed.isEmpty && failed.count < 200)
    #expect(failed.allSatisfy { $0.status.hasPrefix("non-finite ") })
    let summary = try CellSummary.all(of: configuration, records: records)[0]
    #expect(summary.trials == 200 && summary.failed == failed.count)
    #expect(summary.errors[.maxError]?.mean.isFinite == true)
  }

  @Test func tooManyThreadsForTheMemoryAreRefused() throws {
    let configuration = try Example.configuration([
      "network": #"{"kind": "fullyConnected", "widths": [1, 16000, 16000, 1]}"#
    ])
    #expect { try ExperimentRunner(configuration, threads: 1_000_000) } throws: {
      "\($0)".hasPrefix("--threads 1000000: each thread needs ")
    }
  }
}
