/// Takes the trials of an experiment one after another and keeps them on disk.
public struct TrialStore {
  private let configuration: Configuration
  private let table: RecordTable
  private let layout: RecordLayout
  private var counts: [Int]
  private var pending: [UInt8] = []
  private static let bufferSize = 1 << 18

  /// - Parameters:
  ///   - configuration: the experiment.
  ///   - folder: an existing folder for a file without a name.
  public init(_ configuration: Configuration, in folder: String) throws(ResultsFolderError) {
    self.configuration = configuration
    layout = RecordLayout(configuration)
    counts = configuration.cells.map { _ in 0 }
    table = try RecordTable(
      in: folder, layout: layout, series: configuration.cells.count, trials: configuration.trials)
  }

  /// Takes the next trial: of the same cell, or the first one of a later cell.
  public mutating func append(_ record: TrialRecord) throws(ResultsFolderError) {
    precondition(record.trial == counts[record.cell], "trials come in order")
    if record.trial == 0 || pending.count >= Self.bufferSize { try flush() }
    layout.append(record.outcome, to: &pending)
    counts[record.cell] += 1
    last = record.cell
  }

  private var last = 0

  private mutating func flush() throws(ResultsFolderError) {
    let rows = pending.count / layout.byteCount
    try table.write(pending, series: last, first: counts[last] - rows)
    pending.removeAll(keepingCapacity: true)
  }

  /// All trials taken.
  public mutating func finish() throws(ResultsFolderError) -> FinishedTrials {
    try flush()
    return FinishedTrials(
      configuration, table, counts: counts, places: Array(configuration.cells.indices))
  }
}
