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
    let shape = try NetworkShape(network)
    let (law, scale) = try weights(try member("weights"))
    let pruning = try self.pruning(
      try member("pruning"), layerCount: shape.layers.count, isMatrix: shape.isSingle)
    if law.hasTiedMagnitudes && pruning.method == .magnitude {
      throw JSONReader(value: .string("magnitude"), path: "pruning.method").error(
        expected: "\"random\": all magnitudes of \(law.name) weights tie")
    }
    if shape.isSingle, let extra = document["inputs"] ?? document["measure"] {
      throw extra.error("is of no use for a matrix; remove it")
    }
    let (inputs, domain) =
      shape.isSingle
      ? (InputSource(count: 1, domain: .sphere), "")
      : try inputs(try member("inputs"), width: shape.layers[0].inputs)
    for layer in shape.layers {
      let amplitude = Float(scale / Double(layer.fan).squareRoot())
      guard amplitude.isNormal else {
        throw JSONReader(value: .number(JSONNumber(scale)), path: "weights.scale").error(
          expected: "a scale whose weights are in the range of single precision")
      }
    }
    let delta = try member("delta").openUnit()
    let factor = try document["boundFactor"]?.real("a number above 0, at most 1") {
      $0 > 0 && $0 <= 1
    }
    let design =
      shape.isSingle
      ? TrialDesign(
        single: shape.layers[0], law: law, scale: scale, method: pruning.method,
        alpha: pruning.alpha)
      : TrialDesign(
        shapes: shape.layers, activation: shape.activation, law: law, scale: scale,
        pruning: pruning,
        inputs: inputs, measures: measures)
    let memory = ProcessInfo.processInfo.physicalMemory
    if Double(design.workspaceBytes) > Double(memory) {
      throw network.error(
        "one trial needs \(gibibytes(design.workspaceBytes)) of memory, this machine has "
          + "\(gibibytes(Int(memory))); use smaller layers or fewer inputs")
    }
    return Cell(
      design: design, inputDomain: domain, delta: delta, boundFactor: factor ?? 1)
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
    _ reader: JSONReader, layerCount: Int, isMatrix: Bool
  ) throws(ConfigurationError) -> PruningRule {
    let members = try reader.members(
      required: ["method", "alpha"], optional: isMatrix ? [] : ["layers"])
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
  ///   - network: the configuration's member of that name.
  ///   - weights: likewise.
  ///   - pruning: likewise.
  ///   - delta: likewise.
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
