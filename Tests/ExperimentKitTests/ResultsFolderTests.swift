import Foundation
import Testing

@testable import ExperimentKit

@Suite struct ResultsFolderTests {
  private func open(_ folder: ResultsFolder, _ configuration: Configuration) throws {
    _ = try ExperimentRun(configuration, in: folder, threads: 1)
  }

  @Test func aRunMakesTheFolderAndWritesTheConfiguration() throws {
    try Example.withFolder { root in
      let folder = ResultsFolder(root + "/a/b")
      let configuration = try Example.configuration()
      try open(folder, configuration)
      #expect(try folder.configuration()?.hash == configuration.hash)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(names == ["configuration.json", "journal"])
      try open(folder, configuration)
    }
  }

  @Test func refusesResultsOfAnotherExperiment() throws {
    try Example.withFolder { root in
      let folder = ResultsFolder(root)
      try open(folder, Example.configuration())
      #expect { try open(folder, Example.configuration(["seed": "2"])) } throws: {
        "\($0)".contains("another experiment: seed is 1 there and 2 here")
      }
      try open(folder, Example.configuration(["claim": #""a better claim""#]))
      // The journal knows without the configuration beside it.
      try FileManager.default.removeItem(atPath: folder.path(.configuration))
      #expect { try open(folder, Example.configuration(["seed": "2"])) } throws: {
        "\($0)".contains("run.journal: holds trials of another experiment: seed is 1 there and 2")
      }
    }
  }

  @Test func refusesResultsOfNoExperiment() throws {
    try Example.withFolder { root in
      try "x".write(toFile: root + "/trials.csv", atomically: true, encoding: .utf8)
      #expect { try open(ResultsFolder(root), Example.configuration()) } throws: {
        "\($0)".contains("holds trials.csv but no configuration.json")
      }
    }
  }

  @Test func partialFilesLeaveNothingBehind() throws {
    try Example.withFolder { root in
      let path = root + "/file"
      try "old".write(toFile: path, atomically: true, encoding: .utf8)
      let file = try PartialFile(path)
      try file.write("new")
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
      file.discard()
      #expect(try FileManager.default.contentsOfDirectory(atPath: root) == ["file"])
      let second = try PartialFile(path)
      try second.write("new")
      try second.publish()
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
      #expect(try FileManager.default.contentsOfDirectory(atPath: root) == ["file"])
    }
  }

  @Test func manifestsKnowWhatTheyDescribe() throws {
    let configuration = try Example.configuration()
    let manifest = Manifest(configuration, summaries: [])
    let read = try #require(Manifest(Data(manifest.text.utf8)))
    #expect(read.describes(configuration))
    #expect(!read.describes(try Example.configuration(["trials": "11"])))
    #expect(Manifest(Data("[]".utf8)) == nil)
  }
}
