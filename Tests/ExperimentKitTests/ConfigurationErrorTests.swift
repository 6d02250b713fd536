import Foundation
import Testing

@testable import ExperimentKit

@Suite struct ConfigurationErrorTests {
  static let folder = Bundle.module.bundlePath + "/Fixtures/errors/"

  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()

  @Test func thereIsAFixtureForEveryKindOfError() { #expect(Self.names.count >= 75) }

  /// Each fixture has the one line it must be answered with beside it; `…` stands for the rest of a
  /// line that names this machine's memory.
  @Test("Every bad configuration is answered with its line", arguments: names)
  func message(name: String) throws {
    let text = try Data(contentsOf: URL(fileURLWithPath: Self.folder + name + ".json"))
    let expected = try String(contentsOfFile: Self.folder + name + ".txt", encoding: .utf8)
      .trimmingCharacters(in: .newlines)
    do throws(ConfigurationError) {
      _ = try Configuration(text: text, file: "f.json")
      Issue.record("\(name) was accepted")
    } catch {
      let message = error.description
      #expect(!message.contains("\n"))
      if expected.hasSuffix("…") {
        #expect(message.hasPrefix("f.json: " + expected.dropLast()))
      } else {
        #expect(message == "f.json: " + expected)
      }
    }
  }

  @Test func bytesThatAreNoText() {
    #expect(
      throws: ConfigurationError(file: "f", place: "line 1", message: "a string is not valid UTF-8")
    ) {
      try Configuration(text: Data([0x7B, 0x22, 0xFF, 0x22]), file: "f")
    }
    #expect(throws: ConfigurationError.self) {
      try Configuration(text: Data([0x00, 0xFE, 0xFF]), file: "f")
    }
  }

  @Test func inputFiles() throws {
    try Example.withFolder { folder in
      func inputs(_ text: String, count: Int = 2) -> String? {
        let path = folder + "/inputs.csv"
        try? text.write(toFile: path, atomically: true, encoding: .utf8)
        let domain = #"{"count": \#(count), "domain": {"file": "\#(path)"}}"#
        do throws(ConfigurationError) {
          _ = try Example.configuration(["inputs": domain])
          return nil
        } catch {
          return error.message.replacingOccurrences(of: path, with: "FILE")
        }
      }
      #expect(inputs("1,0,0,0\n0.5, 0.5,-0.5,0.5\n") == nil)
      // A device without an end.
      #expect {
        try Example.configuration(["inputs": #"{"count": 1, "domain": {"file": "/dev/zero"}}"#])
      } throws: {
        "\($0)".contains("inputs.domain.file: cannot read /dev/zero, it is larger than 1 GiB")
      }
      #expect(inputs("1,0,0,0\n") == "FILE has 1 rows, inputs.count asks for 2")
      #expect(inputs("1,0,0,0\n1,0,0\n") == "FILE: line 2 is not 4 numbers, the input width")
      #expect(inputs("1,0,0,0\n1,x,0,0\n") == "FILE: line 2 is not 4 numbers, the input width")
      #expect(inputs("1,0,0,0\n1,nan,0,0\n") == "FILE: line 2 is not 4 numbers, the input width")
      #expect(inputs("0,0,0,0\n0,0,3,4\n") == "FILE: line 2 has norm 5.0; expected at most 1")
    }
  }
}
