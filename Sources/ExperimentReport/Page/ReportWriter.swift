import ExperimentKit
import Foundation

/// Writes the report of a results folder and its figures, from the folder's files alone: the same files
/// give the same bytes.
public struct ReportWriter {
  /// What was written.
  public let path: String
  /// The experiment's claim, and its verdicts, for an index.
  let entry: IndexPage.Entry

  /// Writes `report.html` and `figures/`.
  ///
  /// - Parameters:
  ///   - name: the experiment's name.
  ///   - folder: with finished results.
  /// - Throws: a conflict if there are none.
  public init(_ name: String, _ folder: ResultsFolder) throws(ResultsFolderError) {
    guard let configuration = try folder.configuration(),
      try folder.contents(.summary) != nil
    else {
      throw .conflict(
        "\(folder.path): there are no finished results; prunebounds run \(name) makes them")
    }
    let tables = try ResultTables(folder)
    guard tables.summary.records.count == configuration.cells.count,
      let table = VerdictTable(
        title: name, configuration: configuration, summary: tables.summary, scaling: tables.scaling)
    else {
      throw .inputOutput(
        "\(folder.path(.summary)): is not a summary of this version; run the experiment again")
    }
    let manifest = try folder.contents(.manifest).flatMap { Manifest($0) }
    let figures = Figures(configuration, tables).all
    let page = ReportPage(
      name: name, configuration: configuration, table: table, manifest: manifest,
      figures: figures)
    var files: [(name: String, text: String)] = []
    for figure in figures {
      for (index, chart) in figure.charts.enumerated() {
        let suffix = figure.charts.count > 1 ? "-\(index + 1)" : ""
        files.append((figure.name + suffix + ".svg", ChartDrawing(chart).file()))
      }
    }
    try folder.writeFigures(files)
    path = folder.path(.report)
    try folder.write(page.html, to: .report)
    entry = IndexPage.Entry(
      name: name, claim: configuration.claim, verdicts: ReportPage.counts(table),
      thumbnail: figures.first?.charts.first.map { ChartDrawing($0).svg() } ?? "")
  }
}
