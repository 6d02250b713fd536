import Foundation

/// Why a results folder cannot be read or written.
public enum ResultsFolderError: Error, Sendable, CustomStringConvertible {
  /// It holds something else: a usage error.
  case conflict(String)
  /// The file system refused.
  case inputOutput(String)

  /// What, where, what to do, on one line.
  public var description: String {
    switch self {
    case .conflict(let message), .inputOutput(let message): message
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
    /// How the results came about.
    case manifest = "manifest.json"
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

  /// Makes the folder ready for an experiment: it is created, or it holds results whose rows are
  /// rows of this experiment too.
  public func open(for configuration: Configuration) throws(ResultsFolderError) {
    if let old = try self.configuration() {
      if let difference = configuration.firstDifference(from: old) {
        throw .conflict(
          "\(path): holds the results of another experiment: \(difference); "
            + "name another folder with --output, or remove this one")
      }
    } else if let file = File.allCases.first(where: {
      FileManager.default.fileExists(atPath: path($0))
    }) {
      throw .conflict(
        "\(path): holds \(file.rawValue) but no \(File.configuration.rawValue); "
          + "name another folder with --output, or remove this one")
    }
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .inputOutput(
        "\(path): cannot be created (\(Self.reason(error))); name another folder with --output")
    }
    if try contents(.configuration) == nil {
      let writer = try PartialFile(path(.configuration))
      try writer.write(JSONValue.object(configuration.document).pretty)
      try writer.publish()
    } else {
      // A folder that cannot be written is found out before the trials, not after.
      try PartialFile(path(.manifest)).discard()
    }
  }

  /// Whether the folder holds the finished results of just this configuration and engine.
  public func isFinished(_ configuration: Configuration) throws(ResultsFolderError) -> Bool {
    guard let old = try self.configuration(), old.hash == configuration.hash,
      let manifest = try contents(.manifest).flatMap({ Manifest($0) }),
      manifest.describes(configuration)
    else { return false }
    return [File.trials, .summary, .scaling].allSatisfy {
      FileManager.default.fileExists(atPath: path($0))
    }
  }

  /// Removes the files of earlier results.
  ///
  /// - Returns: the paths of what was removed.
  public func clear() throws(ResultsFolderError) -> [String] {
    var removed: [String] = []
    for file in File.allCases where FileManager.default.fileExists(atPath: path(file)) {
      do {
        try FileManager.default.removeItem(atPath: path(file))
      } catch {
        throw .inputOutput("\(path(file)): cannot be removed (\(Self.reason(error)))")
      }
      removed.append(path(file))
    }
    return removed
  }

  /// The system's words for what it refused.
  static func reason(_ error: any Error) -> String {
    let cause = error as? POSIXError ?? (error as? CocoaError)?.underlying as? POSIXError
    guard let cause else { return error.localizedDescription }
    return String(cString: strerror(cause.code.rawValue))
  }
}
