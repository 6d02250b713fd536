import ExperimentKit
import Foundation

/// An experiment as named on the command line: a path if the word contains `/` or ends in `.json`,
/// else the name of a file in `experiments`.
struct ExperimentSource {
  /// The experiment's name.
  let name: String
  /// Its file.
  let file: String

  static let folder = "experiments"
  /// The most bytes of a configuration.
  private static let limit = 1 << 26

  init(_ word: String) {
    if Self.isPath(word) {
      file = word
      name = URL(fileURLWithPath: word).deletingPathExtension().lastPathComponent
    } else {
      file = Self.folder + "/" + word + ".json"
      name = word
    }
  }

  static func isPath(_ word: String) -> Bool { word.contains("/") || word.hasSuffix(".json") }

  /// The names of the experiments under the working directory, sorted.
  static func names() throws(CommandError) -> [String] {
    guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw CommandError(
        "there is no folder \"\(folder)\" in the working directory; go to where it is, "
          + "or name a configuration file", code: .usage)
    }
    return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }

  /// The configuration in the file.
  func configuration(
    _ overrides: Configuration.Overrides = Configuration.Overrides()
  ) throws(CommandError) -> Configuration {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), !isFolder.boolValue
    else {
      let names = (try? Self.names()) ?? []
      let near = Nearest.suggestion(for: name, among: names)
      let known = names.isEmpty ? "there are no experiments here" : "see prunebounds list"
      throw CommandError(
        "no experiment \"\(name)\" (\(file) is not there); " + (near.isEmpty ? known : near))
    }
    let text: Data
    do throws(BoundedFile.Failure) {
      text = try BoundedFile.contents(file, limit: Self.limit)
    } catch {
      switch error {
      case .unreadable:
        throw CommandError("\(file): cannot be read; check permissions", code: .resource)
      case .tooLarge:
        throw CommandError("\(file): is larger than 64 MiB; name a configuration file")
      }
    }
    do throws(ConfigurationError) {
      return try Configuration(text: text, file: file, overrides: overrides)
    } catch {
      throw CommandError(error.description)
    }
  }

  /// The folder of its results.
  var resultsPath: String { "results/" + name }

  /// The results folder meant by a word: a folder by its path, else that of an experiment.
  static func results(_ word: String) -> (name: String, folder: ResultsFolder) {
    if word.contains("/") && !word.hasSuffix(".json") {
      return (URL(fileURLWithPath: word).lastPathComponent, ResultsFolder(word))
    }
    let source = ExperimentSource(word)
    return (source.name, ResultsFolder(source.resultsPath))
  }
}

extension ResultsFolder {
  /// The word that means the folder on the command line.
  var argument: String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count == 2 && parts[0] == "results" { return String(parts[1]) }
    return path.contains("/") ? path : "./" + path
  }
}
