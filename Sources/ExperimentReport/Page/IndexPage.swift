import ExperimentKit

/// The page that leads to all reports.
public struct IndexPage {
  /// One experiment.
  struct Entry {
    let name: String
    let claim: String
    /// Markup.
    let verdicts: String
    /// Markup.
    let thumbnail: String
  }

  private let entries: [Entry]

  /// Writes the report of every experiment, and the page.
  ///
  /// - Parameters:
  ///   - folders: the experiments' names and results folders.
  ///   - path: the page's file.
  public init(
    _ folders: [(name: String, folder: ResultsFolder)], path: String
  ) throws(ResultsFolderError) {
    var entries: [Entry] = []
    for (name, folder) in folders { entries.append(try ReportWriter(name, folder).entry) }
    self.entries = entries
    let file = try PartialFile(path)
    try file.write(html)
    try file.publish()
  }

  private var html: String {
    let parts = entries.map { entry in
      Markup.element(
        "section", [:],
        Markup.element(
          "h2", [:],
          Markup.element(
            "a", ["href": entry.name + "/report.html"], Markup.escaped(entry.name)))
          + "\n" + ReportPage.paragraph(entry.claim)
          + Markup.element("p", [:], entry.verdicts) + "\n" + entry.thumbnail)
    }
    return ReportPage.document(
      title: "Experiments",
      body: Markup.element("h1", [:], "Experiments") + "\n"
        + ReportPage.paragraph(
          "Each is a claim on how far pruning moves the output of a random network, and what its trials "
            + "say of it.")
        + Markup.element("div", ["class": "charts"], parts.joined(separator: "\n")) + "\n")
  }
}
