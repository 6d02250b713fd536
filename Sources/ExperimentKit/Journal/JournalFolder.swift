import Foundation

/// The journals of a results folder: one of the runs of everything, one for each shard.
struct JournalFolder {
  /// The folder.
  let path: String
  private static let suffix = ".journal"

  /// - Parameter results: the path of the results folder.
  init(results: String) { path = results + "/journal" }

  /// The file whose lock says that a run is at work: exclusive for everything, shared by shards.
  var lockPath: String { path + "/lock" }

  /// The journal of a shard, or of everything.
  func journal(of shard: Shard?) -> String {
    path + "/" + (shard.map { "shard-\($0.index)-of-\($0.count)" } ?? "run") + Self.suffix
  }

  /// The shard that a journal is named for.
  static func shard(of journal: String) -> Shard? {
    let name = URL(fileURLWithPath: journal).lastPathComponent.dropLast(suffix.count)
    let parts = name.split(separator: "-")
    return parts.count == 4 ? Shard("\(parts[1])/\(parts[3])") : nil
  }

  /// The paths of the journals there are: shards by their numbers, then that of everything.
  var journals: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasSuffix(Self.suffix) }.map { path + "/" + $0 }.sorted {
      let (a, b) = (Self.shard(of: $0), Self.shard(of: $1))
      let last = Int.max
      return (a?.count ?? last, a?.index ?? last, $0) < (b?.count ?? last, b?.index ?? last, $1)
    }
  }

  /// What was found in a journal.
  struct Findings {
    /// The file.
    let path: String
    /// The place behind its last whole frame.
    let end: UInt64
    /// The stretches that are no frames, the one behind the last frame included.
    let damage: [Range<UInt64>]

    /// What is damaged, a line each.
    var damageLines: [String] {
      damage.map { stretch in
        stretch.lowerBound == end
          ? "\(path): the last \(stretch.count) bytes are an incomplete write and left out"
          : "\(path): bytes \(stretch.lowerBound) to \(stretch.upperBound - 1) are damaged and left "
            + "out; the trials that stood there are computed again"
      }
    }
  }

  /// Reads a journal.
  ///
  /// - Parameters:
  ///   - journal: the path.
  ///   - configuration: the experiment that its rows must belong to.
  ///   - row: takes each block of rows that the experiment has use for, with its series.
  /// - Throws: a conflict if it is another experiment's.
  func read(
    _ journal: String, of configuration: Configuration,
    _ take: (JournalFrame.RowBlock, _ series: Int) throws(ResultsFolderError) -> Void
  ) throws(ResultsFolderError) -> Findings {
    let places = Dictionary(
      configuration.series.enumerated().map { ($1.key, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    let rowSize = RecordLayout(configuration).byteCount
    var reader = try JournalReader(journal)
    while let frame = try reader.next() {
      switch frame {
      case .session(let text):
        guard let theirs = Session(text)?.identity,
          let difference = configuration.identity.firstDifference(from: theirs)
        else { continue }
        throw .conflict(
          "\(journal): holds trials of another experiment: \(difference); "
            + "name another folder with --output, or start over with --fresh")
      case .rows(let block):
        guard let series = places[block.key], block.bytes.count == block.count * rowSize else {
          continue
        }
        try take(block, series)
      }
    }
    let tail = reader.end < reader.length ? [reader.end..<reader.length] : []
    return Findings(path: journal, end: reader.end, damage: reader.damage + tail)
  }
}
