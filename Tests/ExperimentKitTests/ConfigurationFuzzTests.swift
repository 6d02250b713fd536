import Foundation
import PruningModel
import Testing

@testable import ExperimentKit

@Suite struct ConfigurationFuzzTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// What the mutations start from: every experiment, and what none of them uses.
  static func seeds() throws -> [Data] {
    let folder = root + "/experiments"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    let files = try names.filter { $0.hasSuffix(".json") }.map {
      try Data(contentsOf: URL(fileURLWithPath: folder + "/" + $0))
    }
    let others = [
      Example.text(["trials": #"{"max": 100, "until": "decided"}"#, "cells": #""independent""#]),
      Example.text(["measure": #"["ballLower"]"#, "ballSearch": #"{"steps": 3, "tolerance": 0.1}"#]
      ),
      Example.text(["inputs": #"{"count": 2, "domain": {"file": "inputs.csv"}}"#]),
      Example.text(["grid": #"[{"pruning.alpha": [0.1]}, {"delta": [0.1, 0.2]}]"#]),
      Example.text(["pruning": #"{"method": "magnitude", "alpha": 0.3, "layers": [1, 3]}"#]),
    ]
    return files + others.map { Data($0.utf8) }
  }

  /// The machine's memory that the process holds, in bytes.
  private var residentBytes: Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(getpagesize())
  }

  /// A rejection is one line with the key path, or the line where the text is not JSON.
  private func isClear(_ error: ConfigurationError) -> Bool {
    !error.place.isEmpty && !error.message.isEmpty && !error.description.contains("\n")
      && error.description.utf8.count < 2000
  }

  private func isSmall(_ configuration: Configuration) -> Bool {
    configuration.series.allSatisfy {
      $0.design.workspaceBytes < 1 << 20 && ($0.design.measures.ballSearch?.steps ?? 0) <= 100
    } && configuration.cells.count <= 100
  }

  /// In a process of its own, whose memory is that of the reading alone.
  @Test func mutatedFilesAreReadOrRejectedClearly() async {
    await #expect(processExitsWith: .success) { try ConfigurationFuzzTests().readMutants() }
  }

  private func readMutants() throws {
    var mutator = try ConfigurationMutator(Self.seeds(), seed: 2021)
    let before = residentBytes
    let clock = ContinuousClock()
    var (rejected, accepted) = (0, 0)
    var runner = TrialRunner()
    for number in 0..<20_000 {
      let text = mutator.next()
      let time = clock.measure {
        do throws(ConfigurationError) {
          let configuration = try Configuration(text: text, file: "f.json")
          accepted += 1
          // What is accepted can be written, read again, and run.
          let copy = JSONValue.object(configuration.document).pretty
          let again = try Configuration(text: Data(copy.utf8), file: "the copy")
          #expect(again.hash == configuration.hash)
          if isSmall(configuration) {
            _ = configuration.series[0].outcome(trial: 0, &runner)
            if accepted % 8 == 0 { _ = CellTheory(configuration.cells[0]) }
          }
        } catch {
          rejected += 1
          #expect(isClear(error), "file \(number): \(error.description.prefix(300))")
        }
      }
      #expect(time < .seconds(5), "file \(number) took \(time)")
    }
    // The mutations are neither all harmless nor all fatal.
    #expect(accepted > 1000 && rejected > 10_000, "\(accepted) accepted")
    #expect(residentBytes - before < 1 << 29)
  }

  /// Mutants that a fuzzing run let through, looked at: odd, and rightly accepted.
  @Test func survivorsStayAccepted() throws {
    let folder = Bundle.module.bundlePath + "/Fixtures/survivors/"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(names.count >= 20)
    var runner = TrialRunner()
    for name in names {
      let text = try Data(contentsOf: URL(fileURLWithPath: folder + name))
      let configuration = try Configuration(text: text, file: name)
      for series in configuration.series {
        for trial in [0, 1] { _ = series.outcome(trial: trial, &runner) }
      }
    }
  }
}
