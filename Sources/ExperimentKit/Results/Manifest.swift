import Foundation

/// How the results in a folder came about: `manifest.json`.
public struct Manifest: Sendable {
  private let document: JSONObject

  /// The work of one run.
  public struct Work: Sendable {
    let threads: Int
    let wallTime: Double
    let computed: Int

    /// - Parameters:
    ///   - threads: the number of queues.
    ///   - wallTime: seconds the trials took.
    ///   - computed: the trials computed, those found in a journal not counted.
    public init(threads: Int, wallTime: Double, computed: Int) {
      (self.threads, self.wallTime, self.computed) = (threads, wallTime, computed)
    }
  }

  /// - Parameters:
  ///   - configuration: the experiment.
  ///   - summaries: what came out.
  ///   - work: what was computed for it; nil where only journals were united.
  ///   - isExtension: whether verdicts of fewer trials had been shown before.
  public init(
    _ configuration: Configuration, summaries: [CellSummary], work: Work? = nil,
    isExtension: Bool = false
  ) {
    var manifest = JSONObject()
    func set(_ key: String, _ value: JSONValue) { manifest[key] = value }
    func count(_ value: Int) -> JSONValue { .number(.natural(UInt64(value))) }
    set("configuration", .object(configuration.document))
    set("configuration_hash", .string(configuration.hash))
    // The configuration names a file, not what is in it.
    let files = Self.inputFiles(of: configuration)
    if !files.isEmpty { set("input_files", .array(files)) }
    set("engine_version", count(Engine.version))
    set("program_version", .string(Engine.programVersion))
    if let commit = Self.gitCommit() { set("git_commit", .string(commit)) }
    set("compiler", .string(Self.compiler))
    set("processor", .string(Self.processor()))
    set("threads", work.map { count($0.threads) } ?? .null)
    set("wall_time_seconds", work.map { .number(JSONNumber($0.wallTime)) } ?? .null)
    set("level", .number(JSONNumber(configuration.level)))
    set("cells", count(configuration.cells.count))
    let trials = summaries.reduce(0) { $0 + $1.trials }
    set("trials", count(trials))
    set("failed_trials", count(summaries.reduce(0) { $0 + $1.failed }))
    // The time is that of these; the others came from the journal, or belong to several cells.
    set("computed_trials", count(work?.computed ?? 0))
    if isExtension { set("extended", .bool(true)) }
    document = manifest
  }

  /// Whether the trials were extended after verdicts had been shown: the levels of verdicts of a
  /// fixed number of trials are then nominal.
  public var isExtended: Bool { document["extended"] == .bool(true) }

  /// What it says beside the configuration, in words and numbers, but for what differs between runs that
  /// give the same results.
  public var facts: [(key: String, value: String)] {
    document.members.compactMap { member in
      guard !Self.ofTheRun.contains(member.key) else { return nil }
      let key = member.key.replacing("_", with: " ")
      switch member.value {
      case .string(let text): return (key, text)
      case .number, .bool: return (key, member.value.canonical)
      default: return nil
      }
    }
  }

  private static let ofTheRun: Set<String> = [
    "configuration", "git_commit", "processor", "threads", "wall_time_seconds", "computed_trials",
  ]

  /// The number of trials.
  public var trials: Int? {
    guard case .number(.natural(let count))? = document["trials"] else { return nil }
    return Int(exactly: count)
  }

  /// Whether running this configuration extends what the manifest tells of: it did already, or there
  /// were fewer trials then. Trials that end when they decide may be extended freely.
  public func isExtended(by configuration: Configuration) -> Bool {
    if configuration.untilDecided { return false }
    guard case .object(let old)? = document["configuration"],
      case .number(let trials)? = old["trials"]
    else { return isExtended }
    return isExtended || trials.double < Double(configuration.trials)
  }

  /// The manifest in a text, nil if there is none.
  public init?(_ text: Data) {
    guard case .object(let document)? = try? JSONParser.parse(text) else { return nil }
    self.document = document
  }

  /// The text of the file.
  public var text: String { JSONValue.object(document).pretty }

  /// Whether the results are those of this configuration, the content of its input files, and this
  /// engine.
  public func describes(_ configuration: Configuration) -> Bool {
    document["configuration_hash"] == .string(configuration.hash)
      && document["engine_version"] == .number(.natural(UInt64(Engine.version)))
      && document["input_files"] ?? .array([]) == .array(Self.inputFiles(of: configuration))
  }

  /// The input files by the hashes of their contents, as tables write them.
  private static func inputFiles(of configuration: Configuration) -> [JSONValue] {
    Set(configuration.cells.map(\.inputDomain)).filter { $0.hasPrefix("file:") }.sorted()
      .map { .string($0) }
  }

  private static var compiler: String {
    #if compiler(>=6.4)
      "Swift 6.4 or later"
    #elseif compiler(>=6.3)
      "Swift 6.3"
    #else
      "Swift 6.2"
    #endif
  }

  private static func processor() -> String {
    #if arch(x86_64)
      let architecture = "x86_64"
    #elseif arch(arm64)
      let architecture = "arm64"
    #else
      let architecture = "unknown architecture"
    #endif
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = information.split(separator: "\n").first { $0.hasPrefix("model name") }
    let name = model?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
    return [name, architecture].compactMap { $0 }.joined(separator: ", ")
  }

  /// The commit of the repository that the working directory belongs to.
  private static func gitCommit() -> String? {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "rev-parse", "HEAD"]
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    // Not waited for: the output tells, and the run loop that waiting takes trusts the clock.
    let commit = String(decoding: output, as: UTF8.self).trimmingCharacters(
      in: .whitespacesAndNewlines)
    return commit.count >= 40 && commit.allSatisfy(\.isHexDigit) ? commit : nil
  }
}
