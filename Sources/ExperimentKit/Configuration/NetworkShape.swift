import PruningModel

/// The member `network` of a configuration: what is drawn.
struct NetworkShape {
  /// d₀ … d_l; of a matrix, columns and rows.
  let widths: [Int]
  /// σ; of no use to a matrix.
  let activation: Activation
  /// Whether it is a single matrix.
  let isMatrix: Bool

  private static let keys = ["inputWidth", "hiddenWidth", "hiddenLayers", "outputWidth"]
  // 2²⁷ units a layer keep every product of sizes far inside 64 bits.
  private static let range = 1...(1 << 27)

  init(_ reader: JSONReader) throws(ConfigurationError) {
    guard case .object(let object) = reader.value else { throw reader.error(expected: "an object") }
    if object["kind"] == .string("matrix") {
      let members = try reader.members(required: ["kind", "rows", "columns"])
      let columns = try members["columns"]?.integer(in: Self.range) ?? 1
      let rows = try members["rows"]?.integer(in: Self.range) ?? 1
      (widths, activation, isMatrix) = ([columns, rows], .identity, true)
    } else {
      let members = try reader.members(
        required: ["kind"], optional: ["widths"] + Self.keys + ["activation"])
      try members["kind"]?.choice([("fullyConnected", ()), ("matrix", ())])
      widths = try Self.widths(members, reader)
      activation = try Self.activation(members["activation"])
      isMatrix = false
    }
    for (columns, rows) in zip(widths, widths.dropFirst()) where columns * rows >= 1 << 32 {
      throw reader.error("a layer of \(rows) × \(columns) weights is too large; at most 2³² − 1")
    }
  }

  private static func widths(
    _ members: [String: JSONReader], _ reader: JSONReader
  ) throws(ConfigurationError) -> [Int] {
    if let list = members["widths"] {
      if let both = keys.compactMap({ members[$0] }).first {
        throw both.error("give either widths or the four width keys, not both")
      }
      var widths: [Int] = []
      for element in try list.elements() { widths.append(try element.integer(in: range)) }
      guard widths.count >= 2 else { throw list.error(expected: "at least two widths") }
      return widths
    }
    var values: [Int] = []
    for key in keys {
      guard let width = members[key] else {
        throw ConfigurationError(
          place: JSONReader.join(reader.path, key),
          message: "is missing and required unless network.widths is given")
      }
      values.append(try width.integer(in: key == "hiddenLayers" ? 0...10_000 : range))
    }
    return [values[0]] + Array(repeating: values[1], count: values[2]) + [values[3]]
  }

  private static func activation(_ reader: JSONReader?) throws(ConfigurationError) -> Activation {
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
}
