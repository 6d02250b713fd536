import ExperimentKit
import PruningModel

/// The lines of `trials.csv` of one cell; what is the same in all of them is made once.
struct TrialLines {
  private let configuration: Configuration
  private let cell: Int
  private let kind: ExperimentKind
  private let shared: String
  private let measured: [Column<TrialRow>]

  init(_ configuration: Configuration, cell: Int) {
    (self.configuration, self.cell) = (configuration, cell)
    kind = configuration.kind
    measured = TrialColumns.measured(kind)
    let row = TrialRow(
      TrialRecord(cell: cell, trial: 0, outcome: .failure(.nonFiniteCertificate)),
      of: configuration)
    shared = "," + String(TrialColumns.ofCell.line(row).dropLast()) + ","
  }

  /// A trial's line, with its end.
  func line(_ record: TrialRecord) -> String {
    var line = ""
    append(record, to: &line)
    return line
  }

  /// Appends a trial's line, with its end.
  func append(_ record: TrialRecord, to text: inout String) {
    let row = TrialRow(record, of: configuration)
    TrialColumns.address.append(row, to: &text)
    text += shared
    measured.append(row, to: &text)
    text += "\n"
  }

  /// The trial that a line tells of; nil if the line is not as `line(_:)` writes it.
  ///
  /// - Parameters:
  ///   - line: without its end.
  ///   - trial: the index that is due.
  func record(_ line: String, trial: Int) -> TrialRecord? {
    let start = "\(cell),\(trial)" + shared
    guard line.hasPrefix(start) else { return nil }
    let fields = line.dropFirst(start.count).split(separator: ",", omittingEmptySubsequences: false)
    guard fields.count == measured.count else { return nil }
    let values = Dictionary(
      uniqueKeysWithValues: zip(kind.quantities, fields.map { Double($0) }))
    guard
      let record = TrialRecord(
        cell: cell, trial: trial, kind: kind, status: fields[fields.count - 1],
        value: { values[$0] ?? nil }),
      self.line(record).dropLast() == line
    else { return nil }
    return record
  }
}

extension TrialColumns {
  private static let bytesAtOnce = 1 << 16

  /// Writes the whole table, some lines at a time.
  public static func write(
    _ trials: some TrialSource, _ write: (String) throws(ResultsFolderError) -> Void
  ) throws(ResultsFolderError) {
    let configuration = trials.configuration
    try write(all(configuration.kind).header())
    for cell in configuration.cells.indices {
      let lines = TrialLines(configuration, cell: cell)
      var text = ""
      try trials.forEachRecord(ofCell: cell) { record throws(ResultsFolderError) in
        lines.append(record, to: &text)
        if text.utf8.count >= bytesAtOnce {
          try write(text)
          text.removeAll(keepingCapacity: true)
        }
      }
      try write(text)
    }
  }
}
