import Foundation
import Testing

@Suite struct VerifyTests {
  static let experiment = [
    "small": CommandLineTests.experiment([
      "measure": #"["ballLower", "certificate"]"#, "trials": "40",
    ])
  ]

  private func change(
    _ program: Program, _ file: String, line: Int, field: Int, to change: (String) -> String
  ) throws {
    var lines = try program.contents(file).components(separatedBy: "\n")
    var fields = lines[line].components(separatedBy: ",")
    fields[field] = change(fields[field])
    lines[line] = fields.joined(separator: ",")
    try program.write(lines.joined(separator: "\n"), to: file)
  }

  /// A digit replaced by another.
  private func otherDigit(_ text: String) -> String {
    guard let place = text.lastIndex(where: \.isNumber) else { return text + "1" }
    let digit = text[place] == "7" ? "3" : "7"
    return text.replacingCharacters(in: place...place, with: digit)
  }

  @Test func finishedResultsAreConfirmed() throws {
    try Program.inFolder(experiments: Self.experiment) { program in
      let nothing = try program.run("verify", "small")
      #expect(nothing.code == 2 && nothing.error.contains("there are no finished results"))
      #expect(try program.run("run", "small").code == 0)
      let before = try program.names(in: "results/small")
      let verify = try program.run("verify", "small", "--sample", "17")
      #expect(verify.code == 0 && verify.error.isEmpty)
      #expect(
        verify.output
          == "results/small: 17 of 80 rows and the whole summary were computed once more: "
          + "every bit is the same\n")
      #expect(try program.run("verify", "results/small", "--sample", "all").code == 0)
      #expect(try program.run("verify", "small", "--sample", "0").code == 0)
      #expect(try program.run("verify", "small", "--sample", "some").code == 2)
      #expect(try program.names(in: "results/small") == before)
      // Without the rows every trial is run again, and the summary compared.
      try program.remove("results/small/trials.csv")
      #expect(try program.run("verify", "small").code == 0)
      #expect(try program.names(in: "results/small") == before.filter { $0 != "trials.csv" })
      try change(program, "results/small/summary.csv", line: 1, field: 20, to: otherDigit)
      #expect(try program.run("verify", "small").code == 1)
    }
  }

  @Test func aDigitChangedInAnyColumnIsFound() throws {
    try Program.inFolder(experiments: Self.experiment) { program in
      #expect(try program.run("run", "small").code == 0)
      for file in ["trials.csv", "summary.csv", "scaling.csv", "survival.csv", "curves.csv"].map({
        "results/small/" + $0
      }) {
        let whole = try program.contents(file)
        let lines = whole.components(separatedBy: "\n")
        let line = lines.count - 2
        for field in lines[0].components(separatedBy: ",").indices {
          try change(program, file, line: line, field: field, to: otherDigit)
          let verify = try program.run("verify", "small", "--sample", "all")
          #expect(verify.code == 1, "\(file) \(field)")
          #expect(verify.output.contains("\(file): line \(line + 1): "), "\(verify.output)")
          try program.write(whole, to: file)
        }
      }
      #expect(try program.run("verify", "small").code == 0)
    }
  }

  @Test func rowsThatDifferAreNamed() throws {
    try Program.inFolder(experiments: Self.experiment) { program in
      #expect(try program.run("run", "small").code == 0)
      let file = "results/small/trials.csv"
      let whole = try program.contents(file)
      let lines = whole.components(separatedBy: "\n")
      let error = lines[60].components(separatedBy: ",")[19]
      try change(program, file, line: 60, field: 19) { String(2 * (Double($0) ?? 0)) }
      let verify = try program.run("verify", "small", "--sample", "all")
      #expect(verify.code == 1)
      #expect(
        verify.output.contains(
          "\(file): line 61: cell 1, trial 19: point_error is \"\(2 * (Double(error) ?? 0))\" there "
            + "and \"\(error)\" recomputed\n"))
      // Not sampled, it still shows in the summary.
      let blind = try program.run("verify", "small", "--sample", "0")
      #expect(blind.code == 1 && blind.output.contains("summary.csv: line 3: point_error_mean is"))
      // The same value written otherwise is no row of the program's.
      try program.write(whole, to: file)
      try change(program, file, line: 60, field: 19) { $0 + "0" }
      let spelt = try program.run("verify", "small", "--sample", "0")
      #expect(spelt.code == 1 && spelt.output.contains("is not the row of cell 1, trial 19"))
      // Rows that are missing, twice there, or beyond the last.
      for changed in [
        lines.dropLast(2), lines[..<30] + lines[31...], lines[..<30] + lines[29...],
        lines.dropLast() + ["x", ""],
      ] {
        try program.write(changed.joined(separator: "\n"), to: file)
        #expect(try program.run("verify", "small").code == 1)
      }
      try program.write(whole, to: file)
      let manifest = try program.contents("results/small/manifest.json")
      try program.write(
        manifest.replacing(#""trials": 80"#, with: #""trials": 81"#),
        to: "results/small/manifest.json")
      #expect(try program.run("verify", "small").code == 1)
      let stale = manifest.replacing(#""engine_version": 3"#, with: #""engine_version": 0"#)
      try program.write(stale, to: "results/small/manifest.json")
      #expect(try program.run("verify", "small").code == 2)
    }
  }
}
