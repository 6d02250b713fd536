import ExperimentKit

/// What `prunebounds status` says of the journals of an experiment.
public struct StatusReport {
  private let configuration: Configuration
  private let status: JournalStatus
  private let files: FinalFiles

  /// Which of the final files are there.
  public enum FinalFiles: String, Sendable {
    case all = "the final files are written"
    /// As in a repository.
    case summaryOnly = "of the final files trials.csv is missing"
    case none = "no final files yet"
    /// Of a configuration or an engine that has changed since.
    case stale = "the final files are of another configuration or engine"
  }

  /// More shards that are not started are only counted.
  private static let mostParts = 200

  /// - Parameters:
  ///   - configuration: the experiment.
  ///   - status: of its journals.
  ///   - files: which of the final files are there.
  public init(_ configuration: Configuration, _ status: JournalStatus, files: FinalFiles) {
    (self.configuration, self.status, self.files) = (configuration, status, files)
  }

  /// The text: all trials in a line, then by cell, then by journal.
  public var text: String {
    var text = "\(status.all.present) of "
    if configuration.untilDecided { text += "at most " }
    text += "\(status.all.total) trials in the journal"
    text += status.all.failed > 0 ? ", \(status.all.failed) failed" : ""
    text += "; \(files.rawValue)\n\n"
    text += cells
    if !status.parts.isEmpty { text += "\n" + parts }
    for line in status.damage { text += "\n" + line }
    return status.damage.isEmpty ? text : text + "\n"
  }

  private var cells: String {
    var table = TextTable()
    // What distinguishes the cells.
    let names = Cell.parameterNames.indices.filter { place in
      configuration.cells.contains {
        $0.parameters[place] != configuration.cells[0].parameters[place]
      }
    }
    append(
      &table,
      ["cell"] + names.map { Cell.parameterNames[$0] } + ["trials", "missing", "failed"])
    for (index, cell) in configuration.cells.enumerated() {
      let count = status.cells[index]
      append(
        &table,
        [String(index)] + names.map { cell.parameters[$0] } + [
          String(count.present),
          configuration.untilDecided ? "" : String(count.missing), String(count.failed),
        ])
    }
    return table.text(coloured: false)
  }

  private var parts: String {
    var table = TextTable()
    append(&table, ["journal", "trials", "of", "failed", ""])
    for part in status.parts.prefix(Self.mostParts) {
      append(
        &table,
        [
          part.shard.map { "shard \($0)" } ?? "all", String(part.count.present),
          String(part.count.total), String(part.count.failed), part.activity.rawValue,
        ])
    }
    let more = status.parts.count - Self.mostParts
    return table.text(coloured: false) + (more > 0 ? "and \(more) more\n" : "")
  }

  private func append(_ table: inout TextTable, _ fields: [String]) {
    table.append(fields.map { TextTable.Field($0) })
  }
}
