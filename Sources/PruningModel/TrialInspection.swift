import NumericKernels

/// One trial looked at layer by layer.
public struct TrialInspection: Sendable {
  /// What is known of a layer of this very trial.
  public struct Layer: Sendable {
    /// Its norms, threshold and counts.
    public let norms: LayerNorms
    /// The largest ‖σ(F_k)‖ over the inputs; nil for the last layer and for matrices.
    public let largestSignal: Double?
    /// The largest ‖σ(F_k) − σ(f_k)‖ over the inputs, ‖F − f‖ for the last layer; nil for matrices.
    public let largestError: Double?
  }

  /// What the trial measured.
  public let measurement: TrialMeasurement
  /// Layer k is at index k − 1.
  public let layers: [Layer]

  /// Runs a trial again and keeps what it meets.
  ///
  /// - Parameters:
  ///   - design: the cell's design.
  ///   - address: the trial's address.
  /// - Throws: what makes the trial fail.
  public init(_ design: TrialDesign, at address: TrialAddress) throws(TrialFailure) {
    var runner = TrialRunner()
    measurement = try runner.measure(design, at: address)
    var selector = PruningSelector()
    var propagation = ErrorPropagation()
    var points: [Float] = []
    var noTape: SlopeTape?
    let vectors = Lanes.vectors(holding: design.inputs.count)
    propagation.reserve(design, vectors: vectors)
    design.inputs.draw(into: &points, width: design.shapes[0].inputs) {
      address.stream(layer: 0, $0)
    }
    propagation.start(design, from: points)
    var layers: [Layer] = []
    for number in 1...design.layerCount {
      var layer = PrunedLayer()
      try layer.draw(number, of: design, at: address, with: &selector)
      let norms = layer.norms(design.pruning.method)
      guard design.kind == .network else {
        layers.append(Layer(norms: norms, largestSignal: nil, largestError: nil))
        continue
      }
      let isLast = number == design.layerCount
      _ = propagation.apply(
        layer, activation: isLast ? nil : design.activation, vectors: vectors, tape: &noTape)
      propagation.giveRows()
      func largest(_ batch: borrowing Batch) -> Double {
        var norms = [Double](repeating: 0, count: design.inputs.count)
        ColumnNorms.euclidean(batch, rows: layer.shape.outputs, vectors: vectors, into: &norms)
        return norms.max() ?? 0
      }
      layers.append(
        Layer(
          norms: norms, largestSignal: isLast ? nil : largest(propagation.signal),
          largestError: propagation.hasError ? largest(propagation.error) : 0))
    }
    self.layers = layers
  }
}
