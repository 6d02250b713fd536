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

  /// Writes trials, summary, scaling, manifest and the configuration they belong to.
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
      try add(.summary, to: &written) { file throws(ResultsFolderError) in
        let columns = SummaryColumns.all(configuration.kind)
        try file.write(columns.header())
        for summary in summaries { try file.write(columns.line(summary)) }
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
