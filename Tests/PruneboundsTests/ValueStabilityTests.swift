import Foundation
import Testing

@Suite struct ValueStabilityTests {
  /// `values.csv` was recomputed row by row by a program in another language, in double precision,
  /// from the documented addresses of the draws alone: every error agreed within 1e-5 relative.
  /// A change of these bytes is a new engine version.
  @Test func trialsKeepTheirBytes() throws {
    let fixtures = Bundle.module.bundlePath + "/Fixtures/"
    try Program.inFolder { program in
      let run = try program.run("run", fixtures + "values.json", "--output", "out")
      #expect(run.code == 0)
      let expected = try String(contentsOfFile: fixtures + "values.csv", encoding: .utf8)
      #expect(try program.contents("out/trials.csv") == expected)
    }
  }

  /// The committed summary of the quickstart is what the program computes: equal but for the last
  /// digits, which the C library may round otherwise (1e-9 relative).
  @Test func theCommittedQuickstartIsReproduced() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
    try Program.inFolder { program in
      let experiment = root + "/experiments/quickstart.json"
      #expect(try program.run("run", experiment, "--output", "out").code == 0)
      let computed = try program.contents("out/summary.csv").split(separator: "\n")
      let committed = try String(
        contentsOfFile: root + "/results/quickstart/summary.csv", encoding: .utf8
      ).split(separator: "\n")
      #expect(computed.count == committed.count)
      for (new, old) in zip(computed, committed) {
        let fields = zip(
          new.split(separator: ",", omittingEmptySubsequences: false),
          old.split(separator: ",", omittingEmptySubsequences: false))
        for (a, b) in fields where a != b {
          let (x, y) = (try #require(Double(a)), try #require(Double(b)))
          #expect(abs(x - y) <= 1e-9 * abs(y))
        }
      }
    }
  }
}
