import ExperimentKit
import Foundation

/// The report of an experiment: one file that needs no other and no network.
struct ReportPage {
  private let name: String
  private let configuration: Configuration
  private let table: VerdictTable
  private let manifest: Manifest?
  private let figures: [Figure]

  init(
    name: String, configuration: Configuration, table: VerdictTable, manifest: Manifest?,
    figures: [Figure]
  ) {
    (self.name, self.configuration, self.table) = (name, configuration, table)
    (self.manifest, self.figures) = (manifest, figures)
  }

  static let style = """
    :root{color-scheme:light dark;--back:#fff;--fore:#1a1a1a;--soft:#5c5c5c;--edge:#d8d8d8;--good:#00694b;
    --bad:#b3261e;--open:#8a5a00}
    @media(prefers-color-scheme:dark){:root{--back:#181a1b;--fore:#e8e8e8;--soft:#a5a5a5;--edge:#3c4043;
    --good:#4fd1a5;--bad:#ff8a80;--open:#ffc766}}
    body{margin:0 auto;max-width:68rem;padding:1.5rem;background:var(--back);color:var(--fore);
    font:16px/1.55 system-ui,sans-serif;overflow-wrap:break-word}
    h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.15rem;margin:2rem 0 .5rem}
    .claim{font-size:1.15rem;margin:.3rem 0}.soft,figcaption{color:var(--soft);font-size:.9rem}
    .holds,.certified{color:var(--good)}.violated{color:var(--bad);font-weight:600}
    .undecided{color:var(--open)}.outside{color:var(--soft)}
    figure{margin:1.2rem 0}.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,28rem),1fr));
    gap:1rem}.chart{width:100%;max-width:34rem;height:auto;color:var(--fore)}
    .wide{overflow-x:auto}table{border-collapse:collapse;font-size:.85rem;white-space:nowrap}
    td,th{padding:.2rem .7rem .2rem 0;text-align:left;border-bottom:1px solid var(--edge)}
    pre{overflow-x:auto;font-size:.85rem;border:1px solid var(--edge);padding:.8rem;border-radius:4px}
    @media print{body{max-width:none;padding:0;font-size:12px}pre{white-space:pre-wrap}
    .charts{grid-template-columns:1fr 1fr}.chart,tr,section{break-inside:avoid}h2{break-after:avoid}
    .wide{overflow:visible}table{white-space:normal;font-size:.65rem}td,th{padding:.1rem .4rem .1rem 0}}
    """

  /// The file.
  var html: String {
    Self.document(
      title: name,
      body: header + figures.map(figure).joined() + section("Verdicts", verdicts)
        + section("How it was measured", notes)
        + section("Hypotheses", hypotheses) + section("Configuration", configurationText)
        + section("How to reproduce", reproduction))
  }

  /// A page around a body.
  static func document(title: String, body: String) -> String {
    "<!DOCTYPE html>\n"
      + Markup.element(
        "html", ["lang": "en"],
        Markup.element(
          "head", [:],
          Markup.element("meta", ["charset": "utf-8"]).replacing("/>", with: ">")
            + Markup.element(
              "meta", ["name": "viewport", "content": "width=device-width,initial-scale=1"]
            ).replacing("/>", with: ">")
            + Markup.element("title", [:], Markup.escaped(title))
            + Markup.element("style", [:], style + "\n" + ChartDrawing.style))
          + "\n" + Markup.element("body", [:], "\n" + body)) + "\n"
  }

  private func section(_ title: String, _ content: String) -> String {
    Markup.element("h2", [:], Markup.escaped(title)) + "\n" + content + "\n"
  }

  static func paragraph(_ text: String, _ kind: String? = nil) -> String {
    Markup.element("p", ["class": kind], Markup.escaped(text)) + "\n"
  }

  /// How many bounds of cells have which verdict.
  static func counts(_ table: VerdictTable) -> String {
    let parts = table.verdictCounts.map { verdict, count in
      Markup.element(
        "strong", ["class": Self.kind(verdict)], Markup.escaped("\(count) \(verdict.rawValue)"))
    }
    return parts.joined(separator: ", ")
  }

  private static func kind(_ verdict: Verdict) -> String {
    verdict == .outsideHypotheses ? "outside" : verdict.rawValue
  }

  private var header: String {
    Markup.element("h1", [:], Markup.escaped(name)) + "\n"
      + Self.paragraph(configuration.claim, "claim")
      + Markup.element("p", [:], "Verdicts: " + Self.counts(table)) + "\n"
      + ResultsStanding.warnings(manifest, configuration, name: name).map {
        Self.paragraph($0, "undecided")
      }.joined()
  }

  private func figure(_ figure: Figure) -> String {
    Markup.element(
      "figure", [:],
      Markup.element(
        "div", ["class": "charts"],
        figure.charts.map { ChartDrawing($0).svg() }.joined(separator: "\n"))
        + "\n" + Markup.element("figcaption", [:], Markup.escaped(figure.caption))) + "\n"
  }

  private var verdicts: String {
    let lines = table.table.fields
    let rows = lines.enumerated().map { index, line in
      Markup.element(
        "tr", [:],
        line.map { field in
          let verdict = Verdict.allCases.first {
            field.style != nil && field.text.hasPrefix($0.rawValue)
          }
          return Markup.element(
            index == 0 ? "th" : "td", ["class": index == 0 ? nil : verdict.map(Self.kind)],
            Markup.escaped(field.text))
        }.joined())
    }
    return Markup.element(
      "div", ["class": "wide"], Markup.element("table", [:], rows.joined(separator: "\n")))
  }

  private var notes: String {
    table.explanations.map { Self.paragraph($0) }.joined()
  }

  private var hypotheses: String {
    HypothesesText(configuration).paragraphs.map { Self.paragraph($0) }.joined()
  }

  private var configurationText: String {
    Markup.element(
      "pre", [:], Markup.escaped(JSONValue.object(configuration.document).pretty))
  }

  private var reproduction: String {
    let facts = [("seed", String(configuration.seed))] + (manifest?.facts ?? [])
    let rows = facts.map { key, value in
      Markup.element(
        "tr", [:],
        Markup.element("td", [:], Markup.escaped(key))
          + Markup.element("td", [:], Markup.escaped(value)))
    }
    return Markup.element(
      "pre", [:], Markup.escaped("prunebounds run \(name)\nprunebounds verify \(name)"))
      + Self.paragraph(
        "Every row is a function of the seed, the cell and the trial's index: prunebounds replay "
          + "\(name) CELL TRIAL recomputes one and looks into it.")
      + Markup.element(
        "div", ["class": "wide"], Markup.element("table", [:], rows.joined(separator: "\n")))
  }
}
