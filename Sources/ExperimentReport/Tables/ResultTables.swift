import ExperimentKit

/// The tables of a results folder that figures are drawn from.
struct ResultTables {
  let summary: CSVTable
  let scaling: CSVTable?
  let survival: CSVTable?
  let curves: CSVTable?

  /// - Throws: what is wrong with the folder or its summary.
  init(_ folder: ResultsFolder) throws(ResultsFolderError) {
    func table(_ file: ResultsFolder.File) throws(ResultsFolderError) -> CSVTable? {
      try folder.contents(file).flatMap { CSVTable(String(decoding: $0, as: UTF8.self)) }
    }
    guard let summary = try table(.summary) else {
      throw .inputOutput(
        "\(folder.path(.summary)): is not a summary of this version; run the experiment again")
    }
    self.summary = summary
    scaling = try table(.scaling)
    survival = try table(.survival)
    curves = try table(.curves)
  }
}
