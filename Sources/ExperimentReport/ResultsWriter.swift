import ExperimentKit

/// Writes the final files of a finished run: all of them whole before the first takes its name.
public struct ResultsWriter {
  private let folder: ResultsFolder
  private let stop: StopRequest

  /// - Parameters:
  ///   - folder: opened for the experiment.
  ///   - stop: ends the writing with nothing written.
  public init(_ folder: ResultsFolder, stop: StopRequest = StopRequest()) {
    (self.folder, self.stop) = (folder, stop)
  }

  /// Writes the trials, what is computed from them, and the configuration they belong to.
  ///
  /// - Parameters:
  ///   - trials: every trial.
  ///   - manifest: how they came about, from their summaries.
  public func write(
    _ trials: some TrialSource, manifest: ([CellSummary]) throws(ResultsFolderError) -> Manifest
  ) throws(ResultsFolderError) {
    var written: [PartialFile] = []
    let configuration = trials.configuration
    do throws(ResultsFolderError) {
      try add(.trials, to: &written) { file throws(ResultsFolderError) in
        try TrialColumns.write(trials) { line throws(ResultsFolderError) in
          try checkStop()
          try file.write(line)
        }
      }
      let summaries = try CellSummary.all(of: trials)
      for table in SummaryTable.all(configuration, summaries) {
        try add(table.file, to: &written) { file throws(ResultsFolderError) in
          for line in table.lines { try file.write(line) }
        }
      }
      try add(.configuration, to: &written) { file throws(ResultsFolderError) in
        try file.write(JSONValue.object(configuration.document).pretty)
      }
      let manifest = try manifest(summaries)
      try add(.manifest, to: &written) { file throws(ResultsFolderError) in
        try file.write(manifest.text)
      }
      try checkStop()
      for file in written { try file.rename() }
    } catch {
      for file in written { file.discard() }
      throw error
    }
  }

  private func checkStop() throws(ResultsFolderError) {
    if stop.isMade {
      throw .stopped(
        "\(folder.path): stopped while the tables were written; every trial is in the journal, "
          + "the same command writes them")
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
