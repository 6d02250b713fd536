import NumericKernels

/// Runs trials one after another in memory that it keeps: draws a network, prunes it, and measures
/// by how much its output moved. A trial is a pure function of design and address; the runner holds
/// no state that a result depends on.
public struct TrialRunner: ~Copyable {
  private var layers: [PrunedLayer] = []
  private var selector = PruningSelector()
  private var propagation = ErrorPropagation()
  private var points: [Float] = []
  /// The trial's inputs, kept for the ball search.
  private var inputs: [Lanes] = []
  private var norms: [Double] = []
  private var search = BallSearch()

  /// A runner without memory; it grows with the largest design run.
  public init() {}

  /// Runs one trial.
  ///
  /// - Parameters:
  ///   - design: the cell's design.
  ///   - address: seed, index and cell of the trial's draws.
  /// - Returns: what was measured.
  /// - Throws: what made the trial fail.
  public mutating func measure(
    _ design: TrialDesign, at address: TrialAddress
  ) throws(TrialFailure) -> TrialMeasurement {
    switch design.kind {
    case .network: return .errors(try run(design, at: address))
    case .matrix:
      if layers.isEmpty { layers.append(PrunedLayer()) }
      try layers[0].draw(1, of: design, at: address, with: &selector)
      let norms = layers[0].norms(design.pruning.method)
      guard norms.norm.isFinite && norms.prunedNormUpper.isFinite else {
        throw .nonFiniteValue(layer: 1)
      }
      return .norms(norms)
    }
  }

  /// Runs one trial of a network.
  ///
  /// - Parameters:
  ///   - design: the cell's design.
  ///   - address: seed, index and cell of the trial's draws.
  /// - Returns: the errors, accurate to 1e-4 relative.
  /// - Throws: what made the trial fail.
  public mutating func run(
    _ design: TrialDesign, at address: TrialAddress
  ) throws(TrialFailure) -> TrialErrors {
    guard design.prunedCounts.contains(where: { $0 > 0 }) else {
      return TrialErrors(
        point: 0, rootMeanSquare: 0, maximum: 0,
        ballLower: design.measures.ballSearch == nil ? nil : 0,
        certificate: design.measures.certificate ? 0 : nil)
    }
    let vectors = Lanes.vectors(holding: design.inputs.count)
    propagation.reserve(design, vectors: vectors)
    design.inputs.draw(into: &points, width: design.shapes[0].inputs) {
      address.stream(layer: 0, $0)
    }
    propagation.start(design, from: points)
    if design.measures.ballSearch != nil {
      inputs = propagation.signal.prefix(design.shapes[0].inputs * vectors)
    }
    // One layer at a time in the same memory, unless the whole network is needed later.
    let held = design.measures.needNetwork ? design.layerCount : 1
    while layers.count < held { layers.append(PrunedLayer()) }
    var noTape: SlopeTape?
    for layer in 1...design.layerCount {
      let place = design.measures.needNetwork ? layer - 1 : 0
      try layers[place].draw(
        layer, of: design, at: address, inPanels: design.isDrawnInPanels(layer: layer),
        with: &selector)
      let activation = layer < design.layerCount ? design.activation : nil
      guard
        // Of the span, an element is not copied.
        propagation.apply(
          layers.span[place], activation: activation, vectors: vectors, tape: &noTape)
      else { throw .nonFiniteValue(layer: layer) }
    }
    return try errors(of: design)
  }

  /// The norms of the last layer's error, and what else the design asks for.
  private mutating func errors(
    of design: TrialDesign
  ) throws(TrialFailure) -> TrialErrors {
    if norms.count != design.inputs.count {
      norms = [Double](repeating: 0, count: design.inputs.count)
    }
    let vectors = Lanes.vectors(holding: design.inputs.count)
    propagation.errorNorms(width: design.outputWidth, vectors: vectors, into: &norms)
    var square = 0.0
    var maximum = 0.0
    for norm in norms {
      square += norm * norm
      maximum = max(maximum, norm)
    }
    guard square.isFinite else { throw .nonFiniteValue(layer: design.layerCount) }
    let network = layers[..<(design.measures.needNetwork ? design.layerCount : 0)]
    var ballLower: Double?
    if let settings = design.measures.ballSearch {
      ballLower = max(
        maximum, search.run(network, design, from: inputs, settings: settings) ?? maximum)
    }
    var certificate: Double?
    if design.measures.certificate {
      let bound = Certificate.bound(network, lipschitz: design.activation.lipschitzConstant)
      guard bound.isFinite else { throw .nonFiniteCertificate }
      certificate = bound
    }
    return TrialErrors(
      point: norms[0], rootMeanSquare: (square / Double(norms.count)).squareRoot(),
      maximum: maximum, ballLower: ballLower, certificate: certificate)
  }
}
