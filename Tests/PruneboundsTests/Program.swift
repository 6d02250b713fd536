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
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.path)
    process.arguments = words
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let (output, error) = (folder + "/.output", folder + "/.error")
    for path in [output, error] {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: error))
    try process.run()
    process.waitUntilExit()
    return Outcome(
      code: process.terminationStatus,
      output: try String(contentsOfFile: output, encoding: .utf8),
      error: try String(contentsOfFile: error, encoding: .utf8))
  }

  func contents(_ path: String) throws -> String {
    try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
  }

  func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder + "/" + path)
  }
}
