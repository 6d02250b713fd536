import Foundation
import Testing

/// Kills, torn writes, damage, full disks, folders that cannot be written: whatever happens to a run, the
/// next one ends with the bytes of a run to which nothing happened.
@Suite(.serialized) struct FaultTests {
  static let grid = #"{"pruning.alpha": [0.2, 0.4], "pruning.method": ["random", "magnitude"]}"#

  static func experiment(_ replaced: [String: String] = [:]) -> String {
    CommandLineTests.experiment(["grid": grid].merging(replaced) { $1 })
  }

  /// What a run to which nothing happens writes.
  struct Reference: Equatable {
    private let tables: [String]

    init(_ program: Program, _ folder: String) throws {
      tables = try ["trials", "summary", "scaling", "survival", "curves"].map {
        try program.contents("\(folder)/\($0).csv")
      }
    }
  }

  static func reference(_ program: Program, _ words: String...) throws -> Reference {
    #expect(try program.run(["run", "small", "--output", "reference"] + words).code == 0)
    return try Reference(program, "reference")
  }

  /// The trials that `status` sees.
  static func standing(_ program: Program) throws -> Int {
    let status = try program.run("status", "small")
    #expect(status.code == 0)
    return Int(status.output.prefix { $0.isNumber }) ?? -1
  }

  /// Nothing half written is left once a run has ended by itself.
  static func isTidy(_ program: Program) throws -> Bool {
    try program.names(in: "results/small").allSatisfy { !$0.hasSuffix(".partial") }
  }

  @Test func twentyFiveKillsAtRandomMoments() throws {
    let wide = #"{"kind": "fullyConnected", "widths": [8, 48, 48, 8]}"#
    let long = Self.experiment(["network": wide, "trials": "12000"])
    try Program.inFolder(experiments: ["small": long]) { program in
      let reference = try Self.reference(program)
      var (kills, before) = (0, 0)
      while kills < 25 {
        let run = try program.start(["run", "small", "--threads", "\([1, 2, 7][kills % 3])"])
        usleep(UInt32.random(in: 0...250_000))
        run.send(SIGKILL)
        let outcome = try run.outcome()
        if outcome.wasKilled {
          kills += 1
          guard program.exists("results/small/configuration.json") else { continue }
          let now = try Self.standing(program)
          #expect(now >= before, "kill \(kills) lost trials that were in the journal")
          before = now
        } else {
          #expect(outcome.code == 0)
          #expect(try Reference(program, "results/small") == reference)
          try program.remove("results")
          before = 0
        }
      }
      #expect(try program.run("run", "small").code == 0)
      #expect(try Reference(program, "results/small") == reference)
      #expect(try Self.isTidy(program))
      #expect(try program.run("verify", "small").code == 0)
    }
  }

  /// A run that is killed has written what was done a moment before.
  @Test func aKillLosesAFewSecondsAtMost() throws {
    let wide = #"{"kind": "fullyConnected", "widths": [8, 48, 48, 8]}"#
    let endless = Self.experiment(["network": wide, "trials": "100000000"])
    try Program.inFolder(experiments: ["small": endless]) { program in
      let run = try program.start(["run", "small", "--threads", "1"])
      while try !program.exists("results/small/configuration.json") || Self.standing(program) == 0 {
        usleep(50_000)
      }
      let first = try Self.standing(program)
      // Rows are handed over ten times a second; a second leaves room for a busy machine.
      usleep(1_000_000)
      run.send(SIGKILL)
      _ = try run.outcome()
      #expect(try Self.standing(program) > first)
    }
  }

  @Test func aTornWriteAtEveryByteOfTheLastFrame() throws {
    try Program.inFolder(experiments: ["small": Self.experiment(["trials": "3"])]) { program in
      let reference = try Self.reference(program)
      #expect(try program.run("run", "small", "--threads", "1").code == 0)
      let journal = "results/small/journal/run.journal"
      let whole = try program.bytes(journal)
      let mark = Data("PBj1".utf8)
      let start = try #require(whole.range(of: mark, options: .backwards)).lowerBound
      #expect(whole.count - start > 100)
      for end in start...whole.count {
        try program.write(whole.prefix(end), to: journal)
        try program.remove("results/small/manifest.json")
        let run = try program.run("run", "small")
        #expect(run.code == 0)
        #expect(try Reference(program, "results/small") == reference)
        if end == start || end == whole.count {
          #expect(run.error.isEmpty)
        } else {
          #expect(
            run.error == "prunebounds: \(journal): the last \(end - start) bytes are an incomplete "
              + "write and left out\n")
        }
        // What was cut off is gone, and what was lost is there again.
        let status = try program.run("status", "small").output
        #expect(status.hasPrefix("12 of 12 trials") && !status.contains("incomplete"))
      }
    }
  }

  @Test func bitFlipsAllOverTheJournal() throws {
    try Program.inFolder(experiments: ["small": Self.experiment()]) { program in
      let reference = try Self.reference(program)
      #expect(try program.run("run", "small").code == 0)
      let journal = "results/small/journal/run.journal"
      let whole = try program.bytes(journal)
      // The first bytes and the last, and 80 anywhere.
      let places =
        Array(0..<12) + (0..<80).map { _ in Int.random(in: 0..<whole.count) } + [whole.count - 1]
      for place in places {
        var bytes = whole
        bytes[place] ^= 1 << UInt8.random(in: 0..<8)
        try program.write(bytes, to: journal)
        #expect(try program.run("status", "small").output.contains("\n\(journal): "))
        try program.remove("results/small/manifest.json")
        let run = try program.run("run", "small")
        #expect(run.code == 0, "\(place)")
        #expect(try Reference(program, "results/small") == reference)
        #expect(run.error.hasPrefix("prunebounds: \(journal): "))
        #expect(run.error.contains("left out") && run.error.split(separator: "\n").count == 1)
      }
    }
  }

  @Test func aJournalOfNoise() throws {
    try Program.inFolder(experiments: ["small": Self.experiment()]) { program in
      let reference = try Self.reference(program)
      try FileManager.default.createDirectory(
        atPath: program.folder + "/results/small/journal", withIntermediateDirectories: true)
      let noise = Data((0..<100_000).map { _ in UInt8.random(in: 0...255) })
      for bytes in [Data(), noise, Data(repeating: 0, count: 5000), Data("PBj1".utf8 + [255, 0])] {
        try program.write(bytes, to: "results/small/journal/run.journal")
        #expect(try program.run("run", "small").code == 0)
        #expect(try Reference(program, "results/small") == reference)
        try program.remove("results/small/manifest.json")
      }
    }
  }

  /// A limit of the file size gives the errors of a full disk, at any place: in the configuration, in
  /// the rows put in order, in the tables; and of a shard, which puts no rows in order, in the journal.
  @Test(arguments: [0, 1, 3, 8, 20, 30, 50, 80, 120, 160], [[], ["--shard", "1/1"]])
  func aFullDisk(blocks: Int, words: [String]) throws {
    try Program.inFolder(experiments: ["small": Self.experiment(["trials": "600"])]) { program in
      let reference = try Self.reference(program)
      let limited = #"(ulimit -f \#(blocks); exec "$@") 2>&1 | cat >&2"#
      let error = try program.start(["run", "small"] + words, shell: limited).outcome().error
      // 160 blocks are room for the journal; the tables need more.
      if words.isEmpty || blocks < 160 {
        #expect(error.hasPrefix("prunebounds: results/small"))
        #expect(error.contains("File too large") && error.contains("free some space"))
        #expect(error.split(separator: "\n").count == 1)
        let code = #"(ulimit -f \#(blocks); exec "$@") 2>/dev/null"#
        #expect(try program.start(["run", "small"] + words, shell: code).outcome().code == 3)
      }
      #expect(try !program.exists("results/small") || Self.isTidy(program))
      #expect(!program.exists("results/small/summary.csv"))
      let isThere = program.exists("results/small/configuration.json")
      let before = isThere ? try Self.standing(program) : 0
      let after = try program.run("run", "small")
      #expect(after.code == 0 && after.error.isEmpty)
      #expect(try Reference(program, "results/small") == reference)
      let manifest = try program.contents("results/small/manifest.json")
      #expect(manifest.contains(#""computed_trials": \#(2400 - before)"#))
    }
  }

  /// Permission bits bind the superuser too once the capability to overrule them is dropped.
  @Test func aFolderThatCannotBeWritten() throws {
    try Program.inFolder(experiments: ["small": Self.experiment()]) { program in
      let drop =
        geteuid() == 0
        ? #"exec setpriv --bounding-set=-dac_override --inh-caps=-dac_override -- "$@""#
        : #"exec "$@""#
      func lock(_ paths: [String], _ mode: Int) throws {
        for path in paths {
          try FileManager.default.setAttributes(
            [.posixPermissions: mode], ofItemAtPath: program.folder + "/" + path)
        }
      }
      try FileManager.default.createDirectory(
        atPath: program.folder + "/results", withIntermediateDirectories: true)
      try lock(["results"], 0o555)
      let new = try program.start(["run", "small"], shell: drop).outcome()
      #expect(new.code == 3)
      #expect(
        new.error.hasPrefix("prunebounds: results/small: cannot be created (Permission denied)"))
      try lock(["results"], 0o755)
      let stopped = try program.run("run", "small", "--shard", "1/2")
      #expect(stopped.code == 0)
      let all = ["results/small", "results/small/journal"]
      try lock(all, 0o555)
      let old = try program.start(["run", "small"], shell: drop).outcome()
      #expect(old.code == 3 && old.error.contains("Permission denied"))
      #expect(old.error.split(separator: "\n").count == 1)
      // Reading needs no permission to write.
      let status = try program.start(["status", "small"], shell: drop).outcome()
      #expect(status.code == 0 && status.output.hasPrefix("300 of 600 trials"))
      try lock(all, 0o755)
      #expect(try program.run("run", "small").code == 0)
      try lock(all, 0o555)
      for words in [
        ["run", "small"], ["compare", "small"], ["verify", "small"], ["status", "small"],
      ] {
        #expect(try program.start(words, shell: drop).outcome().code == 0, "\(words)")
      }
      try lock(all, 0o755)
    }
  }

  /// Nothing depends on the clock: not on the dates of files, in whatever order they are.
  @Test func aClockThatJumps() throws {
    try Program.inFolder(experiments: ["small": Self.experiment()]) { program in
      let reference = try Self.reference(program)
      for (shard, date) in [("1/3", -1e9), ("2/3", 4e9), ("3/3", 0)] {
        #expect(try program.run("run", "small", "--shard", shard).code == 0)
        for name in try program.names(in: "results/small/journal") {
          try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: date)],
            ofItemAtPath: program.folder + "/results/small/journal/" + name)
        }
      }
      #expect(try program.run("merge", "small").code == 0)
      #expect(try Reference(program, "results/small") == reference)
    }
  }

  /// What a shell made the tests ignore, as it does in the background, their programs ignore too.
  static let deliverable: [Int32] = [SIGTERM, SIGINT, SIGHUP].filter { number in
    let before = signal(number, SIG_IGN)
    signal(number, before)
    return unsafeBitCast(before, to: Int.self) != unsafeBitCast(SIG_IGN, to: Int.self)
  }

  @Test("A signal ends the run in good order", arguments: deliverable)
  func signals(number: Int32) throws {
    let wide = #"{"kind": "fullyConnected", "widths": [8, 48, 48, 8]}"#
    let long = Self.experiment(["network": wide, "trials": "3000"])
    try Program.inFolder(experiments: ["small": long]) { program in
      let reference = try Self.reference(program)
      for threads in [1, 7] {
        let run = try program.start(["run", "small", "--threads", "\(threads)"])
        while try !program.exists("results/small/configuration.json")
          || Self.standing(program) == 0
        { usleep(20_000) }
        run.send(number)
        let outcome = try run.outcome()
        #expect(outcome.code == 130 && outcome.output.isEmpty)
        let done = try Self.standing(program)
        #expect(
          outcome.error == "prunebounds: stopped with \(done) of 12000 trials in the journal; "
            + "prunebounds run small --threads \(threads) goes on\n")
        #expect(done > 0 && done < 12000)
        #expect(try Self.isTidy(program) && !program.exists("results/small/trials.csv"))
        let second = try program.run("run", "small", "--threads", "2")
        #expect(second.code == 0)
        let manifest = try program.contents("results/small/manifest.json")
        #expect(manifest.contains(#""computed_trials": \#(12000 - done)"#))
        #expect(try Reference(program, "results/small") == reference)
        try program.remove("results")
      }
    }
  }

  /// All trials are there, and the tables take a while: a signal then leaves none of them half written.
  @Test func aSignalWhileTheTablesAreWritten() throws {
    let many = Self.experiment([
      "network": #"{"kind": "fullyConnected", "widths": [2, 4, 4, 2]}"#, "inputs": #"{"count": 1}"#,
      "grid": #"{"pruning.alpha": [0.3]}"#, "trials": "120000",
    ])
    try Program.inFolder(experiments: ["small": many]) { program in
      #expect(try program.run("run", "small", "--shard", "1/1").code == 0)
      for command in ["run", "merge"] {
        let run = try program.start([command, "small"])
        let isWriting = {
          try program.names(in: "results/small").contains { $0.hasPrefix("trials.csv.") }
        }
        while try !isWriting() { usleep(1000) }
        run.send(SIGTERM)
        let outcome = try run.outcome()
        #expect(outcome.code == 130 && outcome.output.isEmpty)
        #expect(outcome.error.contains("every trial is in the journal"))
        #expect(try program.names(in: "results/small") == ["configuration.json", "journal"])
      }
      #expect(try program.run("run", "small").code == 0)
      #expect(try ResumeTests.computed(program) == 0)
    }
  }

  /// One trial takes seconds here: the first signal waits for it, the second does not.
  @Test func theSecondSignalDoesNotWait() throws {
    let slow = Self.experiment([
      "network": #"{"kind": "fullyConnected", "widths": [64, 1500, 1500, 1500, 8]}"#,
      "inputs": #"{"count": 512}"#, "measure": #"["ballLower"]"#,
      "ballSearch": #"{"steps": 100000, "tolerance": 0}"#, "trials": "2",
    ])
    try Program.inFolder(experiments: ["small": slow]) { program in
      let run = try program.start(["run", "small", "--threads", "1"])
      while !program.exists("results/small/journal/run.journal") { usleep(20_000) }
      usleep(300_000)
      run.send(SIGTERM)
      usleep(500_000)
      #expect(run.process.isRunning)
      let clock = ContinuousClock()
      let start = clock.now
      run.send(SIGTERM)
      #expect(try run.outcome().code == 130)
      #expect(clock.now - start < .seconds(2))
    }
  }

  @Test func aSecondRunInTheSameFolderIsRefused() throws {
    let wide = #"{"kind": "fullyConnected", "widths": [8, 48, 48, 8]}"#
    let endless = Self.experiment(["network": wide, "trials": "100000000"])
    try Program.inFolder(experiments: ["small": endless]) { program in
      let first = try program.start(["run", "small", "--shard", "1/2", "--threads", "1"])
      while try !program.exists("results/small/configuration.json") || Self.standing(program) == 0 {
        usleep(20_000)
      }
      for words in [["--shard", "1/2"], [], ["--fresh"]] {
        let second = try program.run(["run", "small"] + words)
        #expect(second.code == 3 && second.error.contains("is at work"))
        #expect(second.error.split(separator: "\n").count == 1)
      }
      #expect(try program.run("merge", "small").code == 3)
      let other = try program.start(["run", "small", "--shard", "2/2", "--threads", "1"])
      while try !program.run("status", "small").output.contains("shard 2/2") { usleep(20_000) }
      let status = try program.run("status", "small").output
      #expect(status.components(separatedBy: "at work").count == 3)
      for run in [first, other] {
        run.send(SIGTERM)
        #expect(try run.outcome().code == 130)
      }
      #expect(
        try program.run("status", "small").output.components(separatedBy: "stopped").count == 3)
    }
  }
}
