import Foundation
import PruningModel
import RandomStreams
import Testing

@testable import ExperimentKit

@Suite struct ConfigurationTests {
  func column(_ name: String, _ configuration: Configuration) throws -> [String] {
    let index = try #require(Cell.parameterNames.firstIndex(of: name))
    return configuration.cells.map { $0.parameters[index] }
  }

  @Test func defaults() throws {
    let configuration = try Example.configuration([
      "network": #"{"kind": "fullyConnected", "widths": [4, 8, 3]}"#,
      "pruning": #"{"method": "magnitude", "alpha": 0.25}"#, "inputs": #"{"count": 2}"#,
    ])
    #expect(configuration.level == 0.05 && !configuration.independentCells)
    #expect(
      configuration.cells[0].parameters == [
        "fullyConnected", "4 8 3", "", "", "relu", "uniform", "", "1.5", "magnitude", "0.25",
        "hidden", "2", "sphere", "0.05", "1.0",
      ])
  }

  @Test func parametersAreWrittenAsInTheTables() throws {
    let cell = try Example.configuration([
      "network":
        #"{"kind": "fullyConnected", "widths": [4, 8, 8, 3], "activation": {"leakyRelu": 0.1}}"#,
      "weights": #"{"law": "student-t", "degreesOfFreedom": 5, "scale": 1}"#,
      "pruning": #"{"method": "random", "alpha": 0.3, "layers": [3, 1]}"#,
      "inputs": #"{"count": 7, "domain": "ball"}"#, "delta": "1e-5", "boundFactor": "0.5",
    ]).cells[0]
    #expect(
      cell.parameters.joined(separator: ",")
        == "fullyConnected,4 8 8 3,,,leakyRelu:0.1,student-t,5.0,1.0,random,0.3,3 1,7,ball,1e-05,0.5"
    )
    #expect(cell.design.prunedCounts == [11, 0, 9])
    #expect(!cell.satisfiesHypotheses && cell.hypotheses != nil)
    // The hash of independent cells stops before delta.
    let text = "fullyConnected,4 8 8 3,,,leakyRelu:0.1,student-t,5.0,1.0,random,0.3,3 1,7,ball"
    #expect(cell.trialParameters == text)
  }

  @Test func theLastKeyVariesFastest() throws {
    let configuration = try Example.configuration([
      "grid": #"{"pruning.alpha": [0.5, 0.2], "network.hiddenWidth": [16, 8], "delta": [0.1]}"#
    ])
    #expect(
      try column("widths", configuration) == ["4 16 16 3", "4 16 16 3", "4 8 8 3", "4 8 8 3"])
    #expect(try column("alpha", configuration) == ["0.5", "0.2", "0.5", "0.2"])
    #expect(try column("delta", configuration) == ["0.1", "0.1", "0.1", "0.1"])
  }

  @Test func gridsFollowOneAnotherAndSweepObjects() throws {
    let configuration = try Example.configuration([
      "grid": """
      [{"weights": [{"law": "gaussian", "scale": 1}, {"law": "laplace", "scale": 1}]},
       {"network.widths": [[4, 5, 6, 3]], "weights.law": ["rademacher"]}]
      """,
      "network": #"{"kind": "fullyConnected", "widths": [4, 8, 8, 3], "activation": "relu"}"#,
    ])
    #expect(try column("law", configuration) == ["gaussian", "laplace", "rademacher"])
    #expect(try column("widths", configuration) == ["4 8 8 3", "4 8 8 3", "4 5 6 3"])
  }

  @Test func aSweptKeyMayBeLeftOutOfTheBase() throws {
    var members = Example.members
    members["delta"] = nil
    members["grid"] = #"{"delta": [0.1, 0.2]}"#
    let text = "{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ",") + "}"
    #expect(try Configuration(text: Data(text.utf8), file: "f").cells.map(\.delta) == [0.1, 0.2])
  }

  @Test func overridesCountAsIfWritten() throws {
    var overrides = Configuration.Overrides()
    overrides.trials = 77
    overrides.seed = 18_446_744_073_709_551_615
    let overridden = try Example.configuration(overrides: overrides)
    let written = try Example.configuration(["trials": "77", "seed": "18446744073709551615"])
    #expect(overridden.trials == 77 && overridden.seed == .max)
    #expect(overridden.hash == written.hash)
    #expect(overridden.hash != (try Example.configuration()).hash)
  }

  @Test func theHashIsOfTheContentNotTheSpelling() throws {
    let plain = Data(#"{"b": 1.0, "a": [true]}"#.utf8)
    let spaced = Data("{ // c\n \"a\": [ true ],\n \"b\": 1 }".utf8)
    #expect(try JSONParser.parse(plain).canonical == JSONParser.parse(spaced).canonical)
  }

  @Test(
    "What may change without invalidating rows",
    arguments: [
      ["claim": #""other""#], ["delta": "0.2"], ["trials": "20"], ["level": "0.1"],
      ["boundFactor": "0.5"], ["cells": #""paired""#], ["measure": "[]"],
    ])
  func sameIdentity(replaced: [String: String]) throws {
    let difference = try Example.configuration(replaced).identity
      .firstDifference(from: Example.configuration().identity)
    #expect(difference == nil)
  }

  @Test(
    "What makes rows of something else",
    arguments: [
      (["seed": "2"], "seed is 1 there and 2 here"),
      (["cells": #""independent""#], #"cells is "paired" there and "independent" here"#),
      (
        ["inputs": #"{"count": 6, "domain": "sphere"}"#], "inputs.count is 5 there and 6 here"
      ),
      (
        ["weights": #"{"law": "gaussian", "scale": 1.5}"#],
        #"weights.law is "uniform" there and "gaussian" here"#
      ),
    ])
  func otherIdentity(replaced: [String: String], difference: String) throws {
    let found = try Example.configuration(replaced).identity
      .firstDifference(from: Example.configuration().identity)
    #expect(found == difference)
  }

  @Test func cellsThatDifferInWhatNoTrialDependsOnShareTheirTrials() throws {
    let grid = #"{"delta": [0.1, 0.05], "boundFactor": [1, 0.5], "pruning.alpha": [0.2, 0.4]}"#
    for cells in [#""paired""#, #""independent""#] {
      let configuration = try Example.configuration(["grid": grid, "cells": cells])
      #expect(configuration.cells.count == 8 && configuration.series.count == 2)
      #expect(configuration.seriesOfCell == [0, 1, 0, 1, 0, 1, 0, 1])
      #expect(configuration.address(cell: 6, trial: 3) == configuration.address(cell: 0, trial: 3))
      let text = configuration.cells[1].parameters.dropLast(2).joined(separator: ",")
      let stream = cells == #""paired""# ? 0 : FNV1a.hash32(text.utf8)
      #expect(configuration.address(cell: 3, trial: 1).cell == stream)
    }
  }

  /// A key names all that a row depends on: whatever changes a row changes its key.
  @Test func keysNameWhatRowsDependOn() throws {
    let base = try Example.configuration().series[0].key
    for replaced in [
      ["claim": #""other""#], ["delta": "0.2"], ["trials": "20"], ["level": "0.1"],
      ["boundFactor": "0.5"],
    ] { #expect(try Example.configuration(replaced).series[0].key == base) }
    let others = [
      ["seed": "2"], ["cells": #""independent""#], ["inputs": #"{"count": 6}"#],
      ["inputs": #"{"count": 5, "domain": "ball"}"#], ["measure": #"["ballLower"]"#],
      ["measure": #"["certificate"]"#], ["measure": #"["ballLower", "certificate"]"#],
      ["measure": #"["ballLower"]"#, "ballSearch": #"{"steps": 7}"#],
      ["measure": #"["ballLower"]"#, "ballSearch": #"{"tolerance": 0.1}"#],
      ["weights": #"{"law": "gaussian", "scale": 1.5}"#],
      ["weights": #"{"law": "uniform", "scale": 1.25}"#],
      ["pruning": #"{"method": "magnitude", "alpha": 0.3, "layers": "hidden"}"#],
      ["pruning": #"{"method": "random", "alpha": 0.3, "layers": "all"}"#],
      ["network": #"{"kind": "fullyConnected", "widths": [4, 8, 9, 3]}"#],
      ["network": #"{"kind": "fullyConnected", "widths": [4, 8, 8, 3], "activation": "tanh"}"#],
    ]
    let keys = try others.map { try Example.configuration($0).series[0].key }
    #expect(Set(keys + [base]).count == others.count + 1)
  }

  @Test func sweptValuesAreNoPartOfTheIdentity() throws {
    let few = try Example.configuration(["grid": #"{"pruning.alpha": [0.1, 0.2]}"#])
    let more = try Example.configuration([
      "grid": #"{"pruning.alpha": [0.1, 0.2, 0.5]}"#,
      "pruning": #"{"method": "random", "alpha": 0.9, "layers": "hidden"}"#,
    ])
    #expect(more.identity.firstDifference(from: few.identity) == nil)
    let method = try Example.configuration([
      "grid": #"{"pruning.alpha": [0.1, 0.2]}"#,
      "pruning": #"{"method": "magnitude", "alpha": 0.3, "layers": "hidden"}"#,
    ])
    #expect(method.identity.firstDifference(from: few.identity) != nil)
  }
}
