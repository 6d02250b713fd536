import ExperimentKit

/// Writes the final files of a finished run: all of them whole before the first takes its name.
public struct ResultsWriter {
  private let folder: ResultsFolder

  /// - Parameter folder: opened for the experiment.
  public init(_ folder: ResultsFolder) { self.folder = folder }

  /// Writes trials, summary, scaling, manifest and the configuration they belong to.
  ///
  /// - Parameters:
  ///   - configuration: the experiment.
  ///   - records: every trial, in (cell, trial) order.
  ///   - manifest: how they came about.
  public func write(
    _ configuration: Configuration, _ records: [TrialRecord], _ manifest: Manifest
  ) throws(ResultsFolderError) {
    var written: [PartialFile] = []
    let trialColumns = TrialColumns.all(configuration.kind)
    let summaryColumns = SummaryColumns.all(configuration.kind)
    do throws(ResultsFolderError) {
      try add(.trials, to: &written) { file throws(ResultsFolderError) in
        try file.write(trialColumns.header())
        for record in records {
          try file.write(trialColumns.line(TrialRow(record, of: configuration)))
        }
      }
      let summaries = CellSummary.all(of: configuration, records: records)
      try add(.summary, to: &written) { file throws(ResultsFolderError) in
        try file.write(summaryColumns.header())
        for summary in summaries { try file.write(summaryColumns.line(summary)) }
      }
      try add(.scaling, to: &written) { file throws(ResultsFolderError) in
        try file.write(ScalingColumns.all.header())
        for scaling in Scaling.all(of: summaries) {
          try file.write(ScalingColumns.all.line(scaling))
        }
      }
      try add(.configuration, to: &written) { file throws(ResultsFolderError) in
        try file.write(JSONValue.object(configuration.document).pretty)
      }
      try add(.manifest, to: &written) { file throws(ResultsFolderError) in
        try file.write(manifest.text)
      }
      for file in written { try file.rename() }
    } catch {
      for file in written { file.discard() }
      throw error
    }
  }

  private func add(
    _ name: ResultsFolder.File, to written: inout [PartialFile],
    _ fill: (PartialFile) throws(ResultsFolderError) -> Void
  ) throws(ResultsFolderError) {
    let file = try PartialFile(folder.path(name))
    written.append(file)
    try fill(file)
    try file.finish()
  }
}
