import Foundation
import PruningModel

/// The rows of an experiment, each at its own place in a file without a name: written in any order,
/// read in order, as often as needed, in memory that does not grow with the trials. The file is gone
/// with the process, however it ends.
final class RecordTable {
  private let handle: FileHandle
  private let folder: String
  private let layout: RecordLayout
  private let trials: Int
  private static let rowsAtOnce = 2048

  /// - Parameters:
  ///   - folder: an existing folder, on the disk that has room for the rows.
  ///   - layout: of the rows.
  ///   - series: the number of series.
  ///   - trials: the most trials of a series.
  init(
    in folder: String, layout: RecordLayout, series: Int, trials: Int
  ) throws(ResultsFolderError) {
    (self.folder, self.layout, self.trials) = (folder, layout, trials)
    let path = "\(folder)/rows.\(UUID().uuidString).partial"
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .inputOutput(
        "\(folder): cannot be written (\(String(cString: strerror(errno)))); check permissions, or "
          + "name another folder with --output")
    }
    unlink(path)
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    let (size, overflow) = (series * layout.byteCount).multipliedReportingOverflow(by: trials)
    guard !overflow else {
      throw .inputOutput("\(folder): no file can hold the rows; run fewer trials")
    }
    try accessing { try handle.truncate(atOffset: UInt64(size)) }
  }

  private func seek(_ series: Int, _ trial: Int) throws {
    try handle.seek(toOffset: UInt64((series * trials + trial) * layout.byteCount))
  }

  private func accessing<Result>(_ body: () throws -> Result) throws(ResultsFolderError) -> Result {
    do {
      return try body()
    } catch {
      throw .inputOutput(
        "\(folder): the rows cannot be put in order (\(ResultsFolder.reason(error))); the journal is "
          + "kept: free some space and run again")
    }
  }

  /// Writes rows of consecutive trials; those beyond the table's are left out.
  func write(_ bytes: [UInt8], series: Int, first: Int) throws(ResultsFolderError) {
    let count = min(bytes.count / layout.byteCount, trials - first)
    guard count > 0 else { return }
    try accessing {
      try seek(series, first)
      try handle.write(contentsOf: Data(bytes[..<(count * layout.byteCount)]))
    }
  }

  /// Reads rows in order.
  ///
  /// - Parameters:
  ///   - series: the series' number.
  ///   - range: its trials, all written before.
  ///   - body: takes each trial's index and outcome.
  func forEach(
    series: Int, _ range: Range<Int>,
    _ body: (Int, Result<TrialMeasurement, TrialFailure>) throws(ResultsFolderError) -> Void
  ) throws(ResultsFolderError) {
    var first = range.lowerBound
    while first < range.upperBound {
      let count = min(Self.rowsAtOnce, range.upperBound - first)
      let bytes = try accessing {
        try seek(series, first)
        return [UInt8](try handle.read(upToCount: count * layout.byteCount) ?? Data())
      }
      precondition(bytes.count == count * layout.byteCount, "the table has a place for every row")
      for row in 0..<count {
        guard let outcome = layout.outcome(bytes, at: row * layout.byteCount) else {
          preconditionFailure("the row was written")
        }
        try body(first + row, outcome)
      }
      first += count
    }
  }
}
