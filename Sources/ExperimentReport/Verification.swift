import ExperimentKit
import Foundation
import PruningModel

/// Recomputes what a results folder holds: a sample of the rows from their addresses, and the summary
/// from all rows.
public struct Verification {
  private let configuration: Configuration
  private let folder: ResultsFolder
  private let threads: Int
  /// What differs, a line each; beyond `mostLines` only counted.
  public private(set) var differences: [String] = []
  /// How many there are.
  public private(set) var differenceCount = 0
  /// The rows that were computed once more.
  public private(set) var recomputed = 0
  /// All rows.
  public private(set) var rows = 0

  private static let mostLines = 20
  private static let rowsAtOnce = 1 << 16

  /// Verifies a folder with finished results.
  ///
  /// - Parameters:
  ///   - folder: the results folder.
  ///   - sample: the number of rows to compute once more; nil for all.
  ///   - threads: the number of queues, at least 1.
  /// - Throws: a conflict if the folder holds no finished results of this engine.
  public init(
    _ folder: ResultsFolder, sample: Int?, threads: Int
  ) throws(ResultsFolderError) {
    guard let configuration = try folder.configuration(),
      let manifest = try folder.contents(.manifest).flatMap({ Manifest($0) })
    else {
      throw .conflict("\(folder.path): there are no finished results; run the experiment first")
    }
    guard manifest.describes(configuration) else {
      throw .conflict(
        "\(folder.path): the results are of another configuration or engine version; "
          + "run the experiment to renew them")
    }
    (self.configuration, self.folder, self.threads) = (configuration, folder, threads)
    let temporary = NSTemporaryDirectory() + "prunebounds-" + UUID().uuidString
    try ResultsFolder(temporary).create(temporary)
    defer { try? FileManager.default.removeItem(atPath: temporary) }
    let trials: FinishedTrials
    if FileManager.default.fileExists(atPath: folder.path(.trials)) {
      trials = try read(in: temporary)
      if differenceCount > 0 { return }
      try recompute(trials, sample: sample)
    } else {
      // A committed folder: every trial is computed, and only the summary can be compared.
      let run = try ExperimentRun(
        configuration, in: ResultsFolder(temporary), threads: threads)
      guard let all = try run.compute() else { return }
      (trials, recomputed, rows) = (all, all.count, all.count)
    }
    let summaries = try CellSummary.all(of: trials)
    for table in SummaryTable.all(configuration, summaries) { try compare(table) }
    if manifest.trials != trials.count {
      report("\(folder.path(.manifest)): trials is not \(trials.count)")
    }
  }

  private mutating func report(_ difference: String) {
    differenceCount += 1
    if differences.count < Self.mostLines { differences.append(difference) }
  }

  /// Reads `trials.csv`; its rows must be the due ones, in order, written as the program writes them.
  private mutating func read(in temporary: String) throws(ResultsFolderError) -> FinishedTrials {
    let path = folder.path(.trials)
    guard var reader = LineReader(path) else {
      throw .inputOutput("\(path): cannot be read; check permissions")
    }
    var store = try TrialStore(configuration, in: temporary)
    let header = TrialColumns.all(configuration.kind).header().dropLast()
    if reader.next().map({ $0 == header }) != true { report("\(path): line 1: is not the header") }
    var (line, number) = (reader.next(), 2)
    for cell in configuration.cells.indices {
      let lines = TrialLines(configuration, cell: cell)
      var trial = 0
      while trial < configuration.trials, let text = line {
        // Trials that end when they decide are as many as there are of the cell.
        if configuration.untilDecided && !text.hasPrefix("\(cell),") { break }
        if let record = lines.record(text, trial: trial) {
          try store.append(record)
        } else {
          report("\(path): line \(number): is not the row of cell \(cell), trial \(trial)")
          if differenceCount == Self.mostLines { return try store.finish() }
          // Something must stand in its place; it is not looked at any more.
          try store.append(
            TrialRecord(cell: cell, trial: trial, outcome: .failure(.nonFiniteCertificate)))
        }
        (line, number, trial, rows) = (reader.next(), number + 1, trial + 1, rows + 1)
      }
      if trial < configuration.trials && !configuration.untilDecided {
        report("\(path): the rows of cell \(cell) end with trial \(trial - 1)")
        return try store.finish()
      }
    }
    if line != nil { report("\(path): line \(number): is beyond the last row") }
    return try store.finish()
  }

  private mutating func recompute(
    _ trials: FinishedTrials, sample: Int?
  ) throws(ResultsFolderError) {
    let chosen = Self.choose(sample, of: trials)
    let columns = TrialColumns.all(configuration.kind).map(\.name)
    let computation: Recomputation
    do throws(ConfigurationError) {
      computation = try Recomputation(configuration, threads: threads)
    } catch {
      throw .conflict(error.description)
    }
    var start = 0
    for cell in configuration.cells.indices {
      let lines = TrialLines(configuration, cell: cell)
      let count = trials.count(ofCell: cell)
      // Some at a time, so that not all rows are in memory at once.
      for first in stride(from: 0, to: count, by: Self.rowsAtOnce) {
        let block = first..<min(first + Self.rowsAtOnce, count)
        let wanted = chosen[cell].intersection(RangeSet(block))
        if wanted.isEmpty { continue }
        let records = try computation.records(ofCell: cell, wanted)
        recomputed += records.count
        try trials.forEachRecord(ofCell: cell, block) { there in
          guard let here = records[there.trial] else { return }
          let (a, b) = (lines.line(there), lines.line(here))
          if a == b { return }
          report(
            "\(folder.path(.trials)): line \(start + there.trial + 2): cell \(cell), trial "
              + "\(there.trial): " + Self.difference(columns, a, b))
        }
      }
      start += count
    }
  }

  /// Distinct rows, each as likely as any other, by cell.
  private static func choose(_ sample: Int?, of trials: FinishedTrials) -> [RangeSet<Int>] {
    let cells = trials.configuration.cells.indices
    guard let sample, sample < trials.count else {
      return cells.map { RangeSet(0..<trials.count(ofCell: $0)) }
    }
    var places: Set<Int> = []
    while places.count < sample { places.insert(Int.random(in: 0..<trials.count)) }
    var start = 0
    return cells.map { cell in
      let range = start..<start + trials.count(ofCell: cell)
      defer { start = range.upperBound }
      var chosen = RangeSet<Int>()
      for place in places.filter(range.contains).sorted() {
        chosen.insert(contentsOf: place - range.lowerBound..<place - range.lowerBound + 1)
      }
      return chosen
    }
  }

  private mutating func compare(_ table: SummaryTable) throws(ResultsFolderError) {
    let (path, expected) = (folder.path(table.file), table.lines)
    guard let data = try folder.contents(table.file) else {
      report("\(path): is not there")
      return
    }
    let there = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let names = CSV.parse(expected[0])?.first ?? []
    for (index, line) in expected.enumerated() {
      let text = index < there.count ? String(decoding: there[index], as: UTF8.self) : ""
      if text + "\n" != line {
        report("\(path): line \(index + 1): " + Self.difference(names, text, line))
      }
    }
    if there.count != expected.count + 1 || there.last?.isEmpty == false {
      report("\(path): has not \(expected.count) lines")
    }
  }

  /// The first column in which two lines differ.
  private static func difference(_ names: [String], _ there: String, _ here: String) -> String {
    let a = CSV.parse(there)?.first ?? []
    let b = CSV.parse(here)?.first ?? []
    for (index, name) in names.enumerated() {
      let (x, y) = (index < a.count ? a[index] : "", index < b.count ? b[index] : "")
      if x != y { return "\(name) is \"\(x)\" there and \"\(y)\" recomputed" }
    }
    return "is not written as it should be"
  }
}
