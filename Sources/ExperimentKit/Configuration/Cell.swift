import NumericKernels
import PruningBounds
import PruningModel
import RandomStreams

/// One point of an experiment's grid: a design, what the theorems say of it, and its identity.
public struct Cell: Sendable {
  /// What its trials have in common.
  public let design: TrialDesign
  /// The hypotheses its bounds are computed from; nil where there are no bounds.
  public let hypotheses: NetworkHypotheses?
  /// Whether the theorems' hypotheses hold; else the bounds are those of gaussian weights of the
  /// same variance, shown as a reference, and nothing is judged.
  public let satisfiesHypotheses: Bool
  /// δ.
  public let delta: Double
  /// Multiplies every bound.
  public let boundFactor: Double
  /// The parameter columns as they are written in every table, in the order of `parameterNames`:
  /// the cell's identity.
  public let parameters: [String]

  /// The names of the parameter columns.
  public static let parameterNames = [
    "kind", "widths", "kernel", "padding", "activation", "law", "degrees_of_freedom", "scale",
    "method", "alpha", "layers", "input_count", "input_domain", "delta", "bound_factor",
  ]

  /// The parameter columns up to `input_domain`, joined by commas: those that its trials depend on.
  var trialParameters: String { parameters.dropLast(2).joined(separator: ",") }

  /// How tables write the input domain, a file with the hash of its content.
  var inputDomain: String { parameters[12] }

  /// - Parameters:
  ///   - design: what the trials have in common.
  ///   - inputDomain: how the input domain is written in tables.
  ///   - delta: δ in (0, 1).
  ///   - boundFactor: in (0, 1].
  public init(design: TrialDesign, inputDomain: String, delta: Double, boundFactor: Double) {
    self.design = design
    self.delta = delta
    self.boundFactor = boundFactor
    let law = LawInTheory(design.law)
    satisfiesHypotheses = law.satisfiesHypotheses
    hypotheses = law.bounding.map { Self.hypotheses(design, law: $0) }
    let isNetwork = design.kind == .network
    let names = ShapeNames(design)
    parameters = [
      names.kind, names.widths, names.kernel, names.padding,
      isNetwork ? design.activation.name : "", design.law.name,
      design.law.degreesOfFreedom?.description ?? "", design.scale.description,
      design.pruning.method.rawValue, design.pruning.alpha.description,
      isNetwork ? design.pruning.layers.name : "",
      isNetwork ? String(design.inputs.count) : "", isNetwork ? inputDomain : "",
      delta.description, boundFactor.description,
    ]
  }

  /// What the cell is.
  public var kind: ExperimentKind { design.kind == .network ? .network : .matrix }

  /// The activation, as the mean-field prediction sees it.
  var activationMoments: ActivationMoments { design.activation.moments }

  /// Whether the trials measure a quantity.
  func measures(_ quantity: Quantity) -> Bool {
    switch quantity {
    case .ballLower: design.measures.ballSearch != nil
    case .certificate: design.measures.certificate
    default: kind.quantities.contains(quantity)
    }
  }

  private static func hypotheses(_ design: TrialDesign, law: WeightLaw) -> NetworkHypotheses {
    let method: PruningMethod =
      switch design.pruning.method {
      case .random: .random
      case .magnitude: .magnitude
      }
    return NetworkHypotheses(
      layers: (1...design.layerCount).map { layer in
        let (columns, kernel) = Self.columns(design.shapes[layer - 1])
        return LayerHypotheses(
          rows: design.shapes[layer - 1].weightRows, columns: columns, kernel: kernel,
          scale: design.scale, pruned: design.prunedCounts[layer - 1], law: law, method: method)
      }, activation: design.activation.hypotheses)
  }

  private static func columns(_ shape: LayerShape) -> (Int, LayerHypotheses.Kernel?) {
    switch shape {
    case .dense(_, let inputs): (inputs, nil)
    case .convolution(_, let patches):
      (
        patches.channels,
        LayerHypotheses.Kernel(
          side: patches.kernel, grid: patches.grid, isCircular: patches.isCircular)
      )
    }
  }

  /// Whether the network has convolutions.
  public var isConvolutional: Bool {
    design.shapes.contains { if case .convolution = $0 { true } else { false } }
  }

  /// Whether no layer of `resized(_:)` has too many weights.
  public func canBeResized(to size: Int) -> Bool {
    design.shapes.allSatisfy { shape in
      switch shape {
      case .dense(let outputs, _) where isConvolutional:
        // Behind the last convolution, images of `size` channels; elsewhere no change.
        Double(outputs) * Double(size) * Double(imageArea) < 0x1p32
      case .dense: Double(size) * Double(size) < 0x1p32
      case .convolution(_, let patches):
        Double(size) * Double(size) * Double(patches.kernel * patches.kernel) < 0x1p32
      }
    }
  }

  /// The positions of an image, 1 without convolutions.
  private var imageArea: Int {
    design.shapes.reduce(1) { area, shape in
      if case .convolution(_, let patches) = shape { patches.grid * patches.grid } else { area }
    }
  }

  /// The cell of a network with all hidden widths, or all channels of convolutions, of one size.
  public func resized(_ size: Int) -> Cell {
    var shapes: [LayerShape] = []
    for (index, shape) in design.shapes.enumerated() {
      let isLast = index + 1 == design.layerCount
      switch shape {
      case .dense(let outputs, let inputs):
        shapes.append(
          .dense(
            outputs: isLast || isConvolutional ? outputs : size,
            inputs: shapes.last?.outputs ?? inputs))
      case .convolution(_, let patches):
        let channels = index == 0 ? patches.channels : size
        shapes.append(
          .convolution(
            outChannels: size,
            patches: ImagePatches(
              channels: channels, grid: patches.grid, kernel: patches.kernel,
              isCircular: patches.isCircular)))
      }
    }
    let changed = TrialDesign(
      shapes: shapes, activation: design.activation, law: design.law, scale: design.scale,
      pruning: design.pruning, inputs: design.inputs, measures: design.measures)
    return Cell(
      design: changed, inputDomain: inputDomain, delta: delta, boundFactor: boundFactor)
  }

  /// The number of pruned weights, all layers together.
  public var prunedCount: Int { design.prunedCounts.reduce(0, +) }
}

/// How a design's layers are written in the parameter columns.
private struct ShapeNames {
  let kind: String
  let widths: String
  let kernel: String
  let padding: String

  init(_ design: TrialDesign) {
    let isNetwork = design.kind == .network
    var (widths, first): ([String], ImagePatches?) = ([], nil)
    for shape in design.shapes {
      switch shape {
      case .dense(let outputs, let inputs):
        if widths.isEmpty { widths.append(String(inputs)) }
        widths.append(String(outputs))
      case .convolution(let channels, let patches):
        if first == nil {
          widths.append("\(patches.channels)x\(patches.grid)x\(patches.grid)")
          first = patches
        }
        widths.append(String(channels))
      }
    }
    self.widths = widths.joined(separator: " ")
    kernel = first.map { String($0.kernel) } ?? ""
    padding = first.map { $0.isCircular ? "circular" : "zero" } ?? ""
    kind =
      first == nil
      ? isNetwork ? "fullyConnected" : "matrix"
      : isNetwork ? "convolutional" : "convolutionMatrix"
  }
}

/// Which law the bounds of a drawn law are computed from.
private struct LawInTheory {
  let satisfiesHypotheses: Bool
  let bounding: WeightLaw?

  init(_ law: Law) {
    switch law {
    case .uniform: (satisfiesHypotheses, bounding) = (true, .uniform)
    case .gaussian: (satisfiesHypotheses, bounding) = (true, .gaussian)
    case .rademacher: (satisfiesHypotheses, bounding) = (true, .rademacher)
    // Both have variance 1, like the gaussian, if they have one.
    case .laplace, .studentT:
      (satisfiesHypotheses, bounding) = (false, law.variance == nil ? nil : .gaussian)
    }
  }
}

extension Law {
  /// The law's name in configurations and tables.
  public var name: String {
    switch self {
    case .uniform: "uniform"
    case .gaussian: "gaussian"
    case .rademacher: "rademacher"
    case .laplace: "laplace"
    case .studentT: "student-t"
    }
  }

  /// ν of Student's t.
  public var degreesOfFreedom: Double? {
    if case .studentT(let degrees) = self { degrees } else { nil }
  }
}

extension Activation {
  /// The activation, as the mean-field prediction sees it.
  var moments: ActivationMoments {
    switch self {
    case .relu: .piecewiseLinear(slope: 0)
    case .leakyRelu(let slope): .piecewiseLinear(slope: Double(slope))
    case .identity: .piecewiseLinear(slope: 1)
    case .tanh: .hyperbolicTangent
    }
  }

  /// The activation, as the bounds see it.
  var hypotheses: ActivationHypotheses {
    switch self {
    case .relu: .piecewiseLinear(slope: 0)
    case .leakyRelu(let slope): .piecewiseLinear(slope: Double(slope))
    case .identity: .piecewiseLinear(slope: 1)
    case .tanh: .lipschitz(1)
    }
  }

  /// The activation's name in tables.
  public var name: String {
    switch self {
    case .relu: "relu"
    case .leakyRelu(let slope): "leakyRelu:\(slope)"
    case .tanh: "tanh"
    case .identity: "identity"
    }
  }
}

extension PruningRule.Layers {
  /// The choice of layers as written in tables.
  public var name: String {
    switch self {
    case .hidden: "hidden"
    case .all: "all"
    case .listed(let layers): layers.map(String.init).joined(separator: " ")
    }
  }
}
