import Foundation

/// Why a results folder cannot be read or written.
public enum ResultsFolderError: Error, Sendable, CustomStringConvertible {
  /// It holds something else: a usage error.
  case conflict(String)
  /// The file system refused.
  case inputOutput(String)
  /// A request to stop was met; running again goes on.
  case stopped(String)

  /// What, where, what to do, on one line.
  public var description: String {
    switch self {
    case .conflict(let message), .inputOutput(let message), .stopped(let message): message
    }
  }
}

/// The one place that names the files of a results folder and writes them: each file is complete
/// under its name or not there at all.
public struct ResultsFolder: Sendable {
  /// The folder, as the user named it.
  public let path: String

  /// - Parameter path: relative to the working directory, or absolute.
  public init(_ path: String) { self.path = path }

  /// The files of a results folder.
  public enum File: String, CaseIterable, Sendable {
    /// The experiment the folder belongs to, from the first trial on.
    case configuration = "configuration.json"
    /// One row a trial.
    case trials = "trials.csv"
    /// One row a cell.
    case summary = "summary.csv"
    /// How quantities fall with the width, where one is swept.
    case scaling = "scaling.csv"
    /// How many trials are above which error.
    case survival = "survival.csv"
    /// The bounds between the swept values, for figures.
    case curves = "curves.csv"
    /// How the results came about.
    case manifest = "manifest.json"
    /// What they say, for a reader.
    case report = "report.html"
  }

  /// The path of a file.
  public func path(_ file: File) -> String { path + "/" + file.rawValue }

  /// The content of a file, nil if it is not there.
  public func contents(_ file: File) throws(ResultsFolderError) -> Data? {
    guard FileManager.default.fileExists(atPath: path(file)) else { return nil }
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path(file)))
    } catch {
      throw .inputOutput("\(path(file)): cannot be read (\(Self.reason(error))); check permissions")
    }
  }

  /// The experiment whose results the folder holds, nil if it holds none.
  public func configuration() throws(ResultsFolderError) -> Configuration? {
    guard let text = try contents(.configuration) else { return nil }
    do throws(ConfigurationError) {
      return try Configuration(text: text, file: path(.configuration))
    } catch {
      throw .conflict("\(error.description) (the results folder's own copy; remove the folder)")
    }
  }

  /// Refuses a folder that holds anything else than results of this experiment.
  func check(_ configuration: Configuration) throws(ResultsFolderError) {
    if let old = try self.configuration() {
      if let difference = configuration.identity.firstDifference(from: old.identity) {
        throw .conflict(
          "\(path): holds the results of another experiment: \(difference); "
            + "name another folder with --output, or start over with --fresh")
      }
    } else if exists(.configuration) {
      // A shard that started at the same time has just written it.
      try check(configuration)
    } else if let file = File.allCases.first(where: { $0 != .configuration && exists($0) }) {
      throw .conflict(
        "\(path): holds \(file.rawValue) but no \(File.configuration.rawValue); "
          + "name another folder with --output, or remove this one")
    }
  }

  /// Creates a folder and those above it.
  public func create(_ folder: String) throws(ResultsFolderError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .inputOutput(
        "\(path): cannot be created (\(Self.reason(error))); name another folder with --output")
    }
  }

  /// Writes the configuration, unless it is there as it is.
  ///
  /// - Parameter exclusively: whether nobody else works in the folder, so that what others left half
  ///   written can be removed.
  func save(_ configuration: Configuration, exclusively: Bool) throws(ResultsFolderError) {
    if exclusively { PartialFile.removeAll(in: path) }
    let text = JSONValue.object(configuration.document).pretty
    if try contents(.configuration) == Data(text.utf8) { return }
    try write(text, to: .configuration)
  }

  /// Writes a file.
  public func write(_ text: String, to file: File) throws(ResultsFolderError) {
    try write(text, path(file))
  }

  private func write(_ text: String, _ path: String) throws(ResultsFolderError) {
    let writer = try PartialFile(path)
    try writer.write(text)
    try writer.publish()
  }

  private var figures: String { path + "/figures" }

  /// The paths of the figures there are.
  private var figureFiles: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: figures)) ?? []
    return names.filter { $0.hasSuffix(".svg") }.sorted().map { figures + "/" + $0 }
  }

  /// Writes the figures in place of those there are.
  public func writeFigures(_ files: [(name: String, text: String)]) throws(ResultsFolderError) {
    try create(figures)
    for file in files { try write(file.text, figures + "/" + file.name) }
    let names = Set(files.map { figures + "/" + $0.name })
    for old in figureFiles where !names.contains(old) { try remove(old) }
  }

  private func remove(_ file: String) throws(ResultsFolderError) {
    do {
      try FileManager.default.removeItem(atPath: file)
    } catch {
      throw .inputOutput("\(file): cannot be removed (\(Self.reason(error)))")
    }
  }

  private func exists(_ file: File) -> Bool {
    FileManager.default.fileExists(atPath: path(file))
  }

  /// Whether the folder holds the finished results of just this configuration and engine, every trial
  /// included.
  public func isFinished(_ configuration: Configuration) throws(ResultsFolderError) -> Bool {
    try isCurrent(configuration) && exists(.trials)
  }

  /// Whether what the folder has computed from the trials is of just this configuration and engine; the
  /// trials themselves may be gone.
  public func isCurrent(_ configuration: Configuration) throws(ResultsFolderError) -> Bool {
    guard let old = try self.configuration(), old.hash == configuration.hash,
      let manifest = try contents(.manifest).flatMap({ Manifest($0) }),
      manifest.describes(configuration)
    else { return false }
    return [File.summary, .scaling, .survival, .curves].allSatisfy(exists)
  }

  /// Removes results and journals.
  ///
  /// - Parameter report: told the path of each file removed.
  func clear(_ report: (String) -> Void) throws(ResultsFolderError) {
    let files =
      File.allCases.filter(exists).map(path) + figureFiles + JournalFolder(results: path).journals
    for file in files {
      try remove(file)
      report(file)
    }
  }

  /// The system's words for what it refused.
  static func reason(_ error: any Error) -> String {
    let chain = sequence(first: error as NSError) {
      ($0.userInfo[NSUnderlyingErrorKey] as? any Error).map { $0 as NSError }
    }
    guard let cause = chain.first(where: { $0.domain == NSPOSIXErrorDomain }) else {
      return error.localizedDescription
    }
    return String(cString: strerror(Int32(cause.code)))
  }
}
