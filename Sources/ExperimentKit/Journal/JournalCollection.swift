/// What the journals of an experiment hold: which trials, and, if asked for, their rows in order.
struct JournalCollection {
  let configuration: Configuration
  /// The trials there are, of each series.
  private(set) var present: [RangeSet<Int>]
  /// Their rows.
  let table: RecordTable?

  /// - Parameters:
  ///   - configuration: the experiment.
  ///   - folder: where the rows are put in order; nil if they are not needed.
  init(_ configuration: Configuration, tableIn folder: String?) throws(ResultsFolderError) {
    self.configuration = configuration
    present = configuration.series.map { _ in RangeSet() }
    if let folder {
      table = try RecordTable(
        in: folder, layout: RecordLayout(configuration), series: configuration.series.count,
        trials: configuration.trials)
    } else {
      table = nil
    }
  }

  /// Takes rows; the same rows twice are the same rows.
  mutating func insert(
    _ block: JournalFrame.RowBlock, series: Int
  ) throws(ResultsFolderError) {
    present[series].insert(contentsOf: block.first..<block.first + block.count)
    try table?.write(block.bytes, series: series, first: block.first)
  }

  /// Reads all journals of a folder.
  mutating func read(
    _ folder: JournalFolder
  ) throws(ResultsFolderError) -> [JournalFolder.Findings] {
    var findings: [JournalFolder.Findings] = []
    for journal in folder.journals {
      findings.append(
        try folder.read(journal, of: configuration) { block, series throws(ResultsFolderError) in
          try insert(block, series: series)
        })
    }
    return findings
  }
}
