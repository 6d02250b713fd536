import ExperimentKit
import Foundation
import Testing

@testable import ExperimentReport

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct PageTests {
  /// Finished results in a folder of their own.
  private func withResults(
    claim: String = "a claim", grid: String = #"{"pruning.alpha": [0.2, 0.4]}"#,
    _ body: (ResultsFolder) throws -> Void
  ) throws {
    let text = """
      {"claim": "\(claim)",
       "network": {"kind": "fullyConnected", "widths": [4, 8, 8, 3], "activation": "relu"},
       "weights": {"law": "uniform", "scale": 1.5}, "pruning": {"method": "random", "alpha": 0.3},
       "inputs": {"count": 5}, "delta": 0.05, "trials": 50, "seed": 7, "grid": \(grid)}
      """
    let configuration = try Configuration(text: Data(text.utf8), file: "example.json")
    let path = NSTemporaryDirectory() + "prunebounds-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    let folder = ResultsFolder(path)
    let run = try ExperimentRun(configuration, in: folder, threads: 1)
    let trials = try #require(try run.compute())
    try ResultsWriter(folder).write(trials) { Manifest(configuration, summaries: $0) }
    try body(folder)
  }

  private func figures(_ folder: ResultsFolder) throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/figures")
    return Dictionary(
      uniqueKeysWithValues: try names.map {
        ($0, try Data(contentsOf: URL(fileURLWithPath: folder.path + "/figures/" + $0)))
      })
  }

  @Test func theSameFilesGiveTheSameBytes() throws {
    try withResults { folder in
      _ = try ReportWriter("example", folder)
      let (page, before) = (try folder.contents(.report), try figures(folder))
      #expect(
        Set(before.keys) == [
          "ball.svg", "point.svg", "tightness.svg", "survival-1.svg", "survival-2.svg",
        ])
      // A figure that is none any more goes.
      try Data().write(to: URL(fileURLWithPath: folder.path + "/figures/old.svg"))
      _ = try ReportWriter("example", folder)
      #expect(try folder.contents(.report) == page && figures(folder) == before)
    }
  }

  @Test func figuresAreXMLWithEverySeries() throws {
    let grid =
      #"{"network.widths": [[4, 8, 8, 3], [4, 16, 16, 3]], "pruning.method": ["random", "magnitude"]}"#
    try withResults(grid: grid) { folder in
      _ = try ReportWriter("example", folder)
      let files = try figures(folder)
      #expect(files.count == 10)
      for (name, data) in files {
        #expect(XMLParser(data: data).parse(), "\(name)")
        #expect(data.count < 200_000)
        let text = String(decoding: data, as: UTF8.self)
        #expect(!text.contains("nan") && !text.contains("inf"))
        #expect(text.contains("width d") && text.contains("method "))
      }
      let ball = String(decoding: try #require(files["ball-1.svg"]), as: UTF8.self)
      for series in ["largest over the inputs", "ball bound", "net_ball bound", "C₂ d^(−α)"] {
        #expect(ball.contains(series))
      }
      // Numbers show under the mark.
      #expect(ball.contains("<title>ball bound: "))
    }
  }

  /// The whole curve, its band, and the bounds at δ.
  @Test func survival() throws {
    try withResults { folder in
      _ = try ReportWriter("example", folder)
      let file = try #require(try figures(folder)["survival-1.svg"])
      let text = String(decoding: file, as: UTF8.self)
      for part in ["Trials above ε", "alpha = 0.4", "δ = 0.05", "class=\"band\"", "ball bound: "] {
        #expect(text.contains(part))
      }
      // Without the tables there are fewer figures, not none.
      for table in [ResultsFolder.File.survival, .curves, .scaling] {
        try FileManager.default.removeItem(atPath: folder.path(table))
      }
      _ = try ReportWriter("example", folder)
      #expect(Set(try figures(folder).keys) == ["ball.svg", "point.svg", "tightness.svg"])
    }
  }

  @Test func whatComesFromAConfigurationIsText() throws {
    try withResults(claim: #"<script>alert(1)</script> & \"quotes\""#) { folder in
      _ = try ReportWriter(#"<b>"name'"#, folder)
      let page = String(decoding: try #require(try folder.contents(.report)), as: UTF8.self)
      #expect(!page.contains("<script") && !page.contains("<b>"))
      #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot;"))
      #expect(page.contains("&lt;b&gt;&quot;name&#39;"))
    }
  }

  @Test func whatIsStaleSaysSo() throws {
    try withResults { folder in
      _ = try ReportWriter("example", folder)
      let page = { String(decoding: try #require(try folder.contents(.report)), as: UTF8.self) }
      #expect(!(try page()).contains("stale"))
      var manifest = String(decoding: try #require(try folder.contents(.manifest)), as: UTF8.self)
      manifest.replace("\"engine_version\": ", with: "\"engine_version\": 9")
      try folder.write(manifest, to: .manifest)
      _ = try ReportWriter("example", folder)
      #expect(try page().contains("stale: these results are of another configuration"))
    }
  }

  /// One file that asks nothing of a network or of other files.
  @Test func thePageStandsAlone() throws {
    try withResults { folder in
      _ = try ReportWriter("example", folder)
      let page = String(decoding: try #require(try folder.contents(.report)), as: UTF8.self)
      #expect(!page.contains("src=") && !page.contains("href=") && !page.contains("url("))
      for part in [
        "a claim", "<svg", "Verdicts", "How it was measured", "Hypotheses", "How to reproduce",
      ] {
        #expect(page.contains(part))
      }
      #expect(page.contains("prunebounds run example") && page.contains("configuration hash"))
      #expect(page.contains("<td>seed</td><td>7</td>"))
    }
  }

  @Test func textIsEscaped() {
    #expect(
      Markup.escaped("a<b>&\"'\u{0}\u{1F}\n") == "a&lt;b&gt;&amp;&quot;&#39;\u{FFFD}\u{FFFD}\n")
    #expect(Markup.element("a", ["b": "<", "c": nil]) == "<a b=\"&lt;\"/>")
  }

  @Test func ticks() {
    func labels(_ values: [Double]) -> [String] { Scale.logarithmic(values).ticks.map(\.label) }
    #expect(labels([0.02, 300]) == ["0.1", "1", "10", "100"])
    #expect(labels([1, 9]) == ["1", "2", "5", "10"])
    #expect(labels([2, 2.5]) == ["2", "2.5"])
    #expect(labels([1e-9, 1e-6]) == ["10⁻⁹", "10⁻⁸", "10⁻⁷", "10⁻⁶"])
    for values in [[1.0], [1e-300, 1e300], [5, 5.000001], [0.7, 0.9], [123456, 123460]] {
      let scale = Scale.logarithmic(values)
      #expect((1...12).contains(scale.ticks.count))
      for tick in scale.ticks { #expect((0...1).contains(scale.position(tick.value))) }
      for value in values { #expect((0...1).contains(scale.position(value))) }
    }
    #expect(Scale.label(30_000) == "30000" && Scale.label(200_000) == "2·10⁵")
    #expect(Scale.label(1e-5) == "10⁻⁵" && Scale.label(0) == "0")
  }
}
