import Foundation
import PruningModel

/// An experiment: a claim, a design swept over a grid, and how it is judged.
public struct Configuration: Sendable {
  /// The document, with the values of the command line put in.
  public let document: JSONObject
  /// One sentence that the verdict table supports or refutes.
  public let claim: String
  /// The cells, in order.
  public let cells: [Cell]
  /// Trials in each cell, or the most there may be if it runs until it is decided.
  public let trials: Int
  /// Whether a cell's trials end when its verdicts are decided.
  public let untilDecided: Bool
  /// The seed of all draws.
  public let seed: UInt64
  /// λ.
  public let level: Double
  /// Whether cells have draws of their own.
  public let independentCells: Bool
  /// The keys swept in some grid, sorted.
  public let sweptKeys: [String]
  /// The key on the figures' axis: the plot's, or the first that is swept.
  public var axisKey: String? {
    if case .object(let plot)? = document["plot"], case .string(let key)? = plot["x"] {
      key
    } else {
      sweptKeys.first
    }
  }
  /// How tables write the input domain, a file with the hash of its content; nil where it is swept.
  let inputDomain: String?
  /// What its rows depend on beyond their cell's parameters.
  public let identity: Identity
  /// The trials that are run: those of cells that differ only in what a trial does not depend on are
  /// run once.
  public let series: [TrialSeries]
  /// The series of each cell, an index of `series`.
  public let seriesOfCell: [Int]

  /// Values of the command line, which count as if written in the file.
  public struct Overrides: Sendable {
    /// Replaces `trials`.
    public var trials: UInt64?
    /// Replaces `seed`.
    public var seed: UInt64?
    /// Replaces `measure`.
    public var measure: [String]?

    /// Nothing replaced.
    public init() {}
  }

  private static let required = [
    "claim", "network", "weights", "pruning", "delta", "trials", "seed",
  ]
  private static let optional = [
    "inputs", "measure", "ballSearch", "level", "cells", "boundFactor", "grid", "plot",
  ]

  /// Reads a configuration.
  ///
  /// - Parameters:
  ///   - text: JSON with comments, UTF-8.
  ///   - file: the file's name in messages.
  ///   - overrides: values of the command line.
  /// - Throws: the first thing that is wrong: file, key path or line, value, what is accepted.
  public init(
    text: Data, file: String, overrides: Overrides = Overrides()
  ) throws(ConfigurationError) {
    let value: JSONValue
    do throws(JSONSyntaxError) {
      value = try JSONParser.parse(text)
    } catch {
      throw ConfigurationError(file: file, place: error.place, message: error.message)
    }
    do throws(ConfigurationError) {
      try self.init(value, overrides: overrides)
    } catch {
      throw ConfigurationError(file: file, place: error.place, message: error.message)
    }
  }

  init(_ value: JSONValue, overrides: Overrides) throws(ConfigurationError) {
    guard case .object(var document) = value else {
      throw JSONReader(value: value, path: "").error(expected: "an object")
    }
    if let trials = overrides.trials { document["trials"] = .number(.natural(trials)) }
    if let seed = overrides.seed { document["seed"] = .number(.natural(seed)) }
    if let measure = overrides.measure { document["measure"] = .array(measure.map { .string($0) }) }
    self.document = document
    let root = JSONReader(value: .object(document), path: "")
    let grid = try Grid(document["grid"].map { JSONReader(value: $0, path: "grid") })
    // A key that is swept in every grid may be left out of the base.
    let members = try root.members(
      required: Self.required.filter { !grid.commonKeys.contains($0) },
      optional: Self.optional + Self.required.filter { grid.commonKeys.contains($0) })
    claim = try members["claim"]?.string() ?? ""
    if claim.trimmingCharacters(in: .whitespaces).isEmpty {
      throw JSONReader(value: .string(claim), path: "claim").error(expected: "a sentence")
    }
    (trials, untilDecided) = try Self.trials(members["trials"])
    seed = try members["seed"]?.natural() ?? 0
    level = try members["level"]?.openUnit() ?? 0.05
    independentCells =
      try members["cells"]?.choice([("paired", false), ("independent", true)]) ?? false
    let measures = try Self.measures(members["measure"], members["ballSearch"])
    sweptKeys = grid.keys.sorted()
    try Self.checkPlot(members["plot"], swept: grid.keys)
    cells = try Self.cells(document, grid, measures)
    let domains = Set(cells.map(\.inputDomain))
    inputDomain = domains.count == 1 ? domains.first : nil
    identity = try Identity(
      document: document, engine: UInt64(Engine.version), inputDomain: inputDomain)
    (series, seriesOfCell) = TrialSeries.all(
      of: cells, seed: seed, independentCells: independentCells)
  }

  private static func cells(
    _ document: JSONObject, _ grid: Grid, _ measures: Measures
  ) throws(ConfigurationError) -> [Cell] {
    var cells: [Cell] = []
    var seen: [[String]: Int] = [:]
    try grid.forEachCell { values throws(ConfigurationError) in
      var object = document
      for (key, value) in values {
        guard
          let changed = object.setting(key.split(separator: ".").map(String.init), to: value.value)
        else { throw value.error("there is no object for \(key) in the configuration") }
        object = changed
      }
      let readers = Dictionary(
        uniqueKeysWithValues: object.members.map {
          ($0.key, JSONReader(value: $0.value, path: $0.key))
        })
      let cell: Cell
      do throws(ConfigurationError) {
        cell = try CellReader.cell(readers, measures: measures)
      } catch {
        throw located(error, values)
      }
      if let first = seen.updateValue(cells.count, forKey: cell.parameters) {
        throw ConfigurationError(
          place: "grid", message: "cell \(cells.count) repeats cell \(first); list each value once")
      }
      if let first = cells.first, first.kind != cell.kind {
        throw ConfigurationError(
          place: "grid", message: "mixes matrices and networks; give each an experiment of its own")
      }
      cells.append(cell)
    }
    return cells
  }

  /// An error's key path where the grid put the value: `grid.network.hiddenWidth[2]`.
  private static func located(
    _ error: ConfigurationError, _ values: [(key: String, value: JSONReader)]
  ) -> ConfigurationError {
    for (key, value) in values.reversed() where (error.place + ".").hasPrefix(key + ".") {
      return ConfigurationError(
        place: value.path + error.place.dropFirst(key.count), message: error.message)
    }
    return error
  }

  /// A count, or `{"max": count, "until": "decided"}`.
  private static func trials(
    _ reader: JSONReader?
  ) throws(ConfigurationError) -> (count: Int, untilDecided: Bool) {
    let range = 1...(1 << 32)
    guard let reader, case .object = reader.value else {
      return (try reader?.integer(in: range) ?? 1, false)
    }
    let members = try reader.members(required: ["max", "until"])
    try members["until"]?.choice([("decided", ())])
    return (try members["max"]?.integer(in: range) ?? 1, true)
  }

  private static func measures(
    _ list: JSONReader?, _ search: JSONReader?
  ) throws(ConfigurationError) -> Measures {
    var measures = Measures()
    var settings = BallSearch.Settings()
    if let members = try search?.members(required: [], optional: ["steps", "tolerance"]) {
      settings = BallSearch.Settings(
        steps: try members["steps"]?.integer(in: 1...1_000_000) ?? settings.steps,
        tolerance: try members["tolerance"]?.real("a number from 0 to 1") { (0...1).contains($0) }
          ?? settings.tolerance)
    }
    for element in try list?.elements() ?? [] {
      let name = try element.choice([("ballLower", "ballLower"), ("certificate", "certificate")])
      if name == "ballLower" {
        measures.ballSearch = settings
      } else {
        measures.certificate = true
      }
    }
    if let search, measures.ballSearch == nil {
      throw search.error("is of no use unless measure lists \"ballLower\"")
    }
    return measures
  }

  private static func checkPlot(
    _ reader: JSONReader?, swept: Set<String>
  ) throws(ConfigurationError) {
    guard let reader else { return }
    for (_, member) in try reader.members(required: ["x"], optional: ["series"]) {
      guard swept.contains(try member.string()) else {
        throw member.error(
          expected: swept.isEmpty
            ? "no plot: nothing is swept"
            : "a key of the grid: " + swept.sorted().joined(separator: ", "))
      }
    }
  }

  /// What the cells are.
  public var kind: ExperimentKind { cells[0].kind }

  /// The address of a trial's draws.
  public func address(cell: Int, trial: Int) -> TrialAddress {
    series[seriesOfCell[cell]].address(trial: trial)
  }

  /// `6 cells of 400 trials`, for messages.
  public var size: String {
    "\(cells.count) cells of " + (untilDecided ? "at most " : "") + "\(trials) trials"
  }

  /// The 64-bit FNV-1a hash of the canonical JSON.
  public var hash: String { FNV1a.hexadecimal64(JSONValue.object(document).canonical.utf8) }
}
