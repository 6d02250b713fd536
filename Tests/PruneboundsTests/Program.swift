import Foundation

/// The built program, run as a user runs it: in a folder of its own, without a terminal.
struct Program {
  let folder: String

  /// The program stands beside the test bundle.
  static let path: String = {
    let words = CommandLine.arguments + ["/proc/self/exe"]
    let bundle = words.first { $0.hasSuffix(".xctest") } ?? words[0]
    return URL(fileURLWithPath: bundle).deletingLastPathComponent().path + "/prunebounds"
  }()

  struct Outcome {
    let code: Int32
    let wasKilled: Bool
    let output: String
    let error: String
  }

  /// Runs the program in a fresh folder that holds the given experiments.
  static func inFolder(
    experiments: [String: String] = [:], _ body: (Program) throws -> Void
  ) throws {
    let folder = NSTemporaryDirectory() + "prunebounds-" + UUID().uuidString
    try FileManager.default.createDirectory(
      atPath: folder + "/experiments", withIntermediateDirectories: true)
    defer {
      try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
      try? FileManager.default.removeItem(atPath: folder)
    }
    for (name, text) in experiments {
      try text.write(
        toFile: folder + "/experiments/\(name).json", atomically: true, encoding: .utf8)
    }
    try body(Program(folder: folder))
  }

  func run(_ words: String..., environment: [String: String] = [:]) throws -> Outcome {
    try run(words, environment: environment)
  }

  func run(_ words: [String], environment: [String: String] = [:]) throws -> Outcome {
    try start(words, environment: environment).outcome()
  }

  /// A process at work, with the files that take its output.
  struct Running {
    let process: Process
    let output: String
    let error: String

    func outcome() throws -> Outcome {
      process.waitUntilExit()
      defer { for path in [output, error] { try? FileManager.default.removeItem(atPath: path) } }
      return Outcome(
        code: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
        output: try String(contentsOfFile: output, encoding: .utf8),
        error: try String(contentsOfFile: error, encoding: .utf8))
    }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }
  }

  /// Starts the program.
  ///
  /// - Parameter shell: words of `sh` that run it as `"$@"`, for limits.
  func start(
    _ words: [String], environment: [String: String] = [:], shell: String? = nil
  ) throws -> Running {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: shell == nil ? Self.path : "/bin/sh")
    process.arguments = (shell.map { ["-c", $0, "sh", Self.path] } ?? []) + words
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let base = folder + "/." + UUID().uuidString
    for path in [base + ".output", base + ".error"] {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    process.standardOutput = try FileHandle(
      forWritingTo: URL(fileURLWithPath: base + ".output"))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: base + ".error"))
    try process.run()
    return Running(process: process, output: base + ".output", error: base + ".error")
  }

  func contents(_ path: String) throws -> String {
    try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
  }

  func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder + "/" + path)
  }

  func write(_ text: String, to path: String) throws {
    try text.write(toFile: folder + "/" + path, atomically: true, encoding: .utf8)
  }

  func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder + "/" + path))
  }

  func write(_ bytes: Data, to path: String) throws {
    try bytes.write(to: URL(fileURLWithPath: folder + "/" + path))
  }

  func remove(_ path: String) throws {
    try FileManager.default.removeItem(atPath: folder + "/" + path)
  }

  func names(in path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder + "/" + path).sorted()
  }
}
