import ExperimentKit
import Foundation
import Testing

@testable import ExperimentReport

@Suite struct VerdictTableTests {
  @Test func showsWhatDecides() throws {
    let (configuration, summary) = try Example.summary(Example.uniform)
    let table = try #require(
      VerdictTable(title: "name", configuration: configuration, summary: summary))
    let text = table.text(coloured: false)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "name: a claim, with a comma")
    // Only what varies identifies a cell.
    #expect(
      lines[2].split(separator: " ").joined(separator: " ")
        == "cell alpha bound on measured bound tightness violations verdict")
    #expect(lines[3].hasPrefix("0     0.2") && lines[4].contains(" point "))
    #expect(text.hasSuffix("verdicts: 12 holds\n"))
    #expect(!text.contains("\u{1B}") && !table.hasViolation)
    #expect(table.text(coloured: true).contains("\u{1B}[32mholds\u{1B}[0m"))
    // Aligned: the column of verdicts starts at one place.
    let places = lines[3...14].map { line in
      line.range(of: "holds")!.lowerBound.utf16Offset(in: line)
    }
    #expect(Set(places).count == 1)
  }

  @Test func undecidedSaysHowManyMore() throws {
    let (configuration, summary) = try Example.summary(Example.uniform, trials: 20)
    let table = VerdictTable(title: "name", configuration: configuration, summary: summary)
    // Twelve pairs: 0.95ⁿ ≤ 0.05/12 from n = 107 on.
    #expect(table?.text(coloured: false).contains("undecided (87 more trials)") == true)
  }

  @Test func outsideHypothesesIsExplained() throws {
    let (configuration, summary) = try Example.summary(#"{"law": "laplace", "scale": 1}"#)
    let table = VerdictTable(title: "name", configuration: configuration, summary: summary)
    let text = table?.text(coloured: false) ?? ""
    #expect(text.contains("verdicts: 12 outside hypotheses"))
    #expect(text.contains("heavier tails than the theorem allows"))
  }

  @Test func aTableWithoutTheColumnsIsNone() throws {
    let configuration = try Example.configuration(Example.uniform)
    let other = try #require(CSVTable("cell,trials\n0,3\n"))
    #expect(VerdictTable(title: "name", configuration: configuration, summary: other) == nil)
  }
}
