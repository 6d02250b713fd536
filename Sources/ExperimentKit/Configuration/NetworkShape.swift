import NumericKernels
import PruningModel

/// The member `network` of a configuration: what is drawn.
struct NetworkShape {
  /// Layer k at index k − 1.
  let layers: [LayerShape]
  /// σ; of no use to a single matrix.
  let activation: Activation
  /// Whether it is a single matrix or convolution.
  let isSingle: Bool

  private static let keys = ["inputWidth", "hiddenWidth", "hiddenLayers", "outputWidth"]
  // 2²⁷ units a layer keep every product of sizes far inside 64 bits.
  private static let range = 1...(1 << 27)
  private static let channelRange = 1...(1 << 16)

  init(_ reader: JSONReader) throws(ConfigurationError) {
    guard case .object(let object) = reader.value else { throw reader.error(expected: "an object") }
    switch object["kind"] {
    case .string("matrix"):
      let members = try reader.members(required: ["kind", "rows", "columns"])
      let columns = try members["columns"]?.integer(in: Self.range) ?? 1
      let rows = try members["rows"]?.integer(in: Self.range) ?? 1
      (layers, activation, isSingle) = ([.dense(outputs: rows, inputs: columns)], .identity, true)
    case .string("convolutionMatrix"):
      let members = try reader.members(
        required: ["kind", "outChannels", "inChannels", "kernel", "inputSize", "padding"])
      let outChannels = try members["outChannels"]?.integer(in: Self.channelRange) ?? 1
      let inChannels = try members["inChannels"]?.integer(in: Self.channelRange) ?? 1
      let patches = try Self.patches(members, channels: inChannels)
      (layers, activation, isSingle) = (
        [.convolution(outChannels: outChannels, patches: patches)], .identity, true
      )
    case .string("convolutional"):
      let members = try reader.members(
        required: [
          "kind", "inputChannels", "inputSize", "channels", "kernel", "padding", "outputWidth",
        ], optional: ["hiddenWidths", "activation"])
      layers = try Self.convolutions(members)
      activation = try Self.activation(members["activation"])
      isSingle = false
    default:
      let members = try reader.members(
        required: ["kind"], optional: ["widths"] + Self.keys + ["activation"])
      try members["kind"]?.choice([
        ("fullyConnected", ()), ("convolutional", ()), ("matrix", ()), ("convolutionMatrix", ()),
      ])
      layers = Self.dense(try Self.widths(members, reader))
      activation = try Self.activation(members["activation"])
      isSingle = false
    }
    for layer in layers where layer.weightCount >= 1 << 32 {
      throw reader.error(
        "a layer of \(layer.weightRows) × \(layer.weightColumns) weights is too large;"
          + " at most 2³² − 1")
    }
  }

  private static func dense(_ widths: [Int]) -> [LayerShape] {
    zip(widths, widths.dropFirst()).map { .dense(outputs: $1, inputs: $0) }
  }

  /// The convolutions, then the fully connected layers, of which the first takes a flattened image.
  private static func convolutions(
    _ members: [String: JSONReader]
  ) throws(ConfigurationError) -> [LayerShape] {
    var channels = [try members["inputChannels"]?.integer(in: channelRange) ?? 1]
    for element in try members["channels"]?.elements() ?? [] {
      channels.append(try element.integer(in: channelRange))
    }
    guard channels.count >= 2 else {
      throw members["channels"]?.error(expected: "at least one number of channels")
        ?? ConfigurationError(place: "network.channels", message: "is missing and required")
    }
    var layers: [LayerShape] = []
    for (into, out) in zip(channels, channels.dropFirst()) {
      layers.append(.convolution(outChannels: out, patches: try patches(members, channels: into)))
    }
    var widths = [layers[layers.count - 1].outputs]
    for element in try members["hiddenWidths"]?.elements() ?? [] {
      widths.append(try element.integer(in: range))
    }
    widths.append(try members["outputWidth"]?.integer(in: range) ?? 1)
    return layers + dense(widths)
  }

  private static func patches(
    _ members: [String: JSONReader], channels: Int
  ) throws(ConfigurationError) -> ImagePatches {
    let grid = try members["inputSize"]?.integer(in: 1...4096) ?? 1
    let isCircular = try members["padding"]?.choice([("circular", true), ("zero", false)]) == true
    guard let kernel = members["kernel"] else {
      throw ConfigurationError(place: "network.kernel", message: "is missing and required")
    }
    let side = try kernel.integer(in: 1...4096)
    guard side % 2 == 1 && side <= grid else {
      throw kernel.error(
        expected:
          "an odd number, at most network.inputSize = \(grid): padding keeps the image's size")
    }
    return ImagePatches(channels: channels, grid: grid, kernel: side, isCircular: isCircular)
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
