import Foundation
import PruningModel
import RandomStreams

/// Reads a cell from a document in which the grid's values have been put in place.
enum CellReader {
  /// - Parameters:
  ///   - document: the configuration's members.
  ///   - measures: what is measured beyond the sampled errors.
  /// - Throws: what is wrong, with its key path.
  static func cell(
    _ document: [String: JSONReader], measures: Measures
  ) throws(ConfigurationError) -> Cell {
    func member(_ key: String) throws(ConfigurationError) -> JSONReader {
      guard let reader = document[key] else {
        throw ConfigurationError(place: key, message: "is missing and required")
      }
      return reader
    }
    let network = try member("network")
    let (widths, activation) = try self.network(network)
    let (law, scale) = try weights(try member("weights"))
    let pruning = try self.pruning(try member("pruning"), layerCount: widths.count - 1)
    if law.hasTiedMagnitudes && pruning.method == .magnitude {
      throw JSONReader(value: .string("magnitude"), path: "pruning.method").error(
        expected: "\"random\": all magnitudes of \(law.name) weights tie")
    }
    let (inputs, domain) = try inputs(try member("inputs"), width: widths[0])
    let largest = zip(widths, widths.dropFirst()).map { max($0, $1) }
    for width in largest {
      let amplitude = Float(scale / Double(width).squareRoot())
      guard amplitude.isNormal else {
        throw JSONReader(value: .number(JSONNumber(scale)), path: "weights.scale").error(
          expected: "a scale whose weights are in the range of single precision")
      }
    }
    let delta = try member("delta").openUnit()
    let factor = try document["boundFactor"]?.real("a number above 0, at most 1") {
      $0 > 0 && $0 <= 1
    }
    let design = TrialDesign(
      widths: widths, activation: activation, law: law, scale: scale, pruning: pruning,
      inputs: inputs, measures: measures)
    let memory = ProcessInfo.processInfo.physicalMemory
    if Double(design.workspaceBytes) > Double(memory) {
      throw network.error(
        "one trial needs \(gibibytes(design.workspaceBytes)) of memory, this machine has "
          + "\(gibibytes(Int(memory))); use smaller widths or fewer inputs")
    }
    return Cell(
      design: design, inputDomain: domain, delta: delta, boundFactor: factor ?? 1)
  }

  private static func network(
    _ reader: JSONReader
  ) throws(ConfigurationError) -> (widths: [Int], activation: Activation) {
    let shape = ["inputWidth", "hiddenWidth", "hiddenLayers", "outputWidth"]
    let members = try reader.members(
      required: ["kind"], optional: ["widths"] + shape + ["activation"])
    try members["kind"]?.choice([("fullyConnected", ())])
    // 2²⁷ weights a side and inputs keep every product of sizes far inside 64 bits.
    let widthRange = 1...(1 << 27)
    var widths: [Int] = []
    if let list = members["widths"] {
      if let both = shape.compactMap({ members[$0] }).first {
        throw both.error("give either widths or the four width keys, not both")
      }
      for element in try list.elements() { widths.append(try element.integer(in: widthRange)) }
      guard widths.count >= 2 else { throw list.error(expected: "at least two widths") }
    } else {
      var values: [Int] = []
      for key in shape {
        guard let width = members[key] else {
          throw ConfigurationError(
            place: JSONReader.join(reader.path, key),
            message: "is missing and required unless network.widths is given")
        }
        values.append(try width.integer(in: key == "hiddenLayers" ? 0...10_000 : widthRange))
      }
      widths = [values[0]] + Array(repeating: values[1], count: values[2]) + [values[3]]
    }
    for (columns, rows) in zip(widths, widths.dropFirst()) where columns * rows >= 1 << 32 {
      throw reader.error("a layer of \(rows) × \(columns) weights is too large; at most 2³² − 1")
    }
    return (widths, try activation(members["activation"]))
  }

  /// An activation by name, as in a configuration or on the command line (`leakyRelu:0.1`).
  static func activation(_ reader: JSONReader?) throws(ConfigurationError) -> Activation {
    guard let reader else { return .relu }
    if case .object = reader.value {
      let slope = try reader.members(required: ["leakyRelu"])["leakyRelu"]
      let value = try slope?.real("a slope within ±1e6") { abs($0) <= 1e6 } ?? 0
      return .leakyRelu(slope: Float(value))
    }
    let names = "\"relu\", \"tanh\", \"identity\" or {\"leakyRelu\": slope}"
    guard case .string(let name) = reader.value else { throw reader.error(expected: names) }
    switch name {
    case "relu": return .relu
    case "tanh": return .tanh
    case "identity": return .identity
    case "sigmoid", "softplus":
      throw reader.error(expected: names + "; the theory needs an activation that is 0 at 0")
    default: throw reader.error(expected: names)
    }
  }

  private static func weights(
    _ reader: JSONReader
  ) throws(ConfigurationError) -> (law: Law, scale: Double) {
    let members = try reader.members(required: ["law", "scale"], optional: ["degreesOfFreedom"])
    let degrees = members["degreesOfFreedom"]
    let scale = try members["scale"]?.real("a positive number") { $0 > 0 } ?? 1
    let plain: Law? = try members["law"]?.choice([
      ("uniform", .uniform), ("gaussian", .gaussian), ("rademacher", .rademacher),
      ("laplace", .laplace), ("student-t", nil),
    ])
    if let plain {
      if let degrees { throw degrees.error("only the law student-t has degrees of freedom") }
      return (plain, scale)
    }
    guard let degrees else {
      throw ConfigurationError(
        place: JSONReader.join(reader.path, "degreesOfFreedom"),
        message: "is missing and required by the law student-t")
    }
    let ν = try degrees.real("a number from 0.01 to 1e6") { $0 >= 0.01 && $0 <= 1e6 }
    return (.studentT(degreesOfFreedom: ν), scale)
  }

  private static func pruning(
    _ reader: JSONReader, layerCount: Int
  ) throws(ConfigurationError) -> PruningRule {
    let members = try reader.members(required: ["method", "alpha"], optional: ["layers"])
    let method = try members["method"]?.choice([
      ("random", PruningRule.Method.random), ("magnitude", .magnitude),
    ])
    let alpha = try members["alpha"]?.openUnit()
    let layers = try members["layers"].map { reader throws(ConfigurationError) in
      try self.layers(reader, count: layerCount)
    }
    return PruningRule(method: method ?? .random, alpha: alpha ?? 0.5, layers: layers ?? .hidden)
  }

  private static func layers(
    _ reader: JSONReader, count: Int
  ) throws(ConfigurationError) -> PruningRule.Layers {
    let expected = "\"hidden\", \"all\" or a list of layers from 1 to \(count), none twice"
    switch reader.value {
    case .string("hidden"): return .hidden
    case .string("all"): return .all
    case .array:
      var layers: [Int] = []
      for element in try reader.elements() {
        guard case .number(.natural(let natural)) = element.value,
          (1...UInt64(count)).contains(natural),
          !layers.contains(Int(natural))
        else { throw element.error(expected: expected) }
        layers.append(Int(natural))
      }
      guard !layers.isEmpty else { throw reader.error(expected: expected) }
      return .listed(layers)
    default: throw reader.error(expected: expected)
    }
  }

  private static func inputs(
    _ reader: JSONReader, width: Int
  ) throws(ConfigurationError) -> (source: InputSource, domain: String) {
    let members = try reader.members(required: ["count"], optional: ["domain"])
    let count = try members["count"]?.integer(in: 1...(1 << 20)) ?? 1
    guard let domain = members["domain"] else {
      return (InputSource(count: count, domain: .sphere), "sphere")
    }
    switch domain.value {
    case .string("sphere"): return (InputSource(count: count, domain: .sphere), "sphere")
    case .string("ball"): return (InputSource(count: count, domain: .ball), "ball")
    case .object:
      guard let file = try domain.members(required: ["file"])["file"] else { break }
      let points = try InputFile(file, width: width, count: count)
      return (InputSource(count: count, domain: .points(points.values)), "file:" + points.hash)
    default: break
    }
    throw domain.error(expected: "\"sphere\", \"ball\" or {\"file\": path}")
  }
}

extension Cell {
  /// A cell without an experiment, for its bounds; its inputs are one point of the sphere.
  ///
  /// - Parameters:
  ///   - network: the configuration's member of that name, and so are the others.
  /// - Throws: what is wrong, with its key path.
  public init(
    network: JSONObject, weights: JSONObject, pruning: JSONObject, delta: JSONValue
  ) throws(ConfigurationError) {
    var inputs = JSONObject()
    inputs["count"] = .number(.natural(1))
    self = try CellReader.cell(
      [
        "network": JSONReader(value: .object(network), path: "network"),
        "weights": JSONReader(value: .object(weights), path: "weights"),
        "pruning": JSONReader(value: .object(pruning), path: "pruning"),
        "inputs": JSONReader(value: .object(inputs), path: "inputs"),
        "delta": JSONReader(value: delta, path: "delta"),
      ], measures: Measures())
  }
}

/// A size in GiB, for messages.
func gibibytes(_ bytes: Int) -> String { String(format: "%.1f GiB", Double(bytes) / 0x1p30) }
