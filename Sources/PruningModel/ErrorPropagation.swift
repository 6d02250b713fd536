import NumericKernels

/// Carries a batch of inputs through both networks, layer by layer.
///
/// The error is propagated itself: W_k(σ(F) − σ(f)) + Δ_k σ(f) in the form
/// δ_k = w_k(σ(F) − σ(f)) + Δ_k σ(F), with Δ_k sparse, in which no entry meets itself again with
/// the other sign, so that it keeps the relative accuracy of single precision however small it is
/// beside the output. Dense products use the kept weights w_k, and the sparse one serves both F and
/// δ.
struct ErrorPropagation: ~Copyable {
  /// σ(F) of the layer before, or where it is in `pair`, perhaps of an earlier one; at the start,
  /// the inputs: width × vectors, row-major.
  var signal = Batch()
  /// σ(F) − σ(f), as `signal`; after the last layer, F − f.
  private(set) var error = Batch()
  /// Whether an error has arisen yet.
  private(set) var hasError = false
  /// F and δ of the layer at work, and the pruned weights' part Δ σ(F) of both.
  private var nextSignal = Batch()
  private var nextError = Batch()
  private var prunedPart = Batch()
  /// Where signal and error are.
  private var place = Place.rows
  private var pair = RectifiedPair()
  private var panel = WeightPanel()
  /// The scratch memory of convolutions.
  private var scratch = ConvolutionScratch()

  private enum Place {
    /// In `signal` and `error`.
    case rows
    /// There, and behind a ReLU, so that about half of them is 0.
    case rectifiedRows
    /// In `pair`.
    case pair
    /// In both.
    case everywhere
    /// In `pair` the error of the last layer, and no signal.
    case lastError
  }

  /// Makes room for batches of a design.
  mutating func reserve(_ design: TrialDesign, vectors: Int) {
    let count = design.largestWidth * vectors
    design.reserve(&scratch, vectors: vectors)
    signal.reserve(count)
    error.reserve(count)
    nextSignal.reserve(count)
    nextError.reserve(count)
    prunedPart.reserve(count)
  }

  /// Starts anew from points: count × input width, row-major.
  mutating func start(_ design: TrialDesign, from points: [Float]) {
    let width = design.shapes[0].inputs
    if design.beginsInPair {
      pair.take(points: points, width: width)
      (hasError, place) = (false, .pair)
    } else {
      LanesSquare.transpose(points, width: width, into: &signal)
      start()
    }
  }

  /// Starts anew from the inputs in `signal`.
  mutating func start() {
    (hasError, place) = (false, .rows)
  }

  /// Applies one layer.
  ///
  /// - Parameters:
  ///   - layer: the layer.
  ///   - activation: σ, or nil for the last layer, of which only the error is computed.
  ///   - vectors: the number of vectors in a row of the batch.
  ///   - tape: records σ'(F) and σ'(f) if given.
  /// - Returns: whether all values are finite.
  mutating func apply(
    _ layer: borrowing PrunedLayer, activation: Activation?, vectors: Int,
    tape: inout SlopeTape?
  ) -> Bool {
    if place != .rows && TrialDesign.isForPair(layer.shape, activation) {
      return applyInPair(layer, isLast: activation == nil, vectors: vectors, tape: &tape)
    }
    giveRows()
    let outputs = layer.shape.outputs * vectors
    if layer.isPruned {
      layer.multiplyPruned(signal, vectors: vectors, scratch: &scratch, into: &prunedPart)
    }
    if activation != nil {
      layer.multiplyKept(signal, vectors: vectors, scratch: &scratch, into: &nextSignal)
      if layer.isPruned { Self.add(prunedPart, to: &nextSignal, count: outputs) }
      swap(&signal, &nextSignal)
    }
    if hasError {
      layer.multiplyKept(error, vectors: vectors, scratch: &scratch, into: &nextError)
      if layer.isPruned { Self.add(prunedPart, to: &nextError, count: outputs) }
      swap(&error, &nextError)
    } else if layer.isPruned {
      swap(&error, &prunedPart)
      hasError = true
    }
    guard let activation else { return true }
    tape?.append(activation, signal, error, hasError: hasError, count: outputs)
    let poison =
      hasError
      ? activation.apply(count: outputs, to: &signal, error: &error)
      : activation.apply(count: outputs, to: &signal)
    place = activation == .relu ? .rectifiedRows : .rows
    return poison == Lanes.zero
  }

  /// A fully connected layer in `pair`, with a ReLU behind it or none.
  private mutating func applyInPair(
    _ layer: borrowing PrunedLayer, isLast: Bool, vectors: Int, tape: inout SlopeTape?
  ) -> Bool {
    let (shape, isPruned) = (layer.shape, layer.isPruned)
    if place == .rectifiedRows {
      pair.take(signal, error: error, hasError: hasError, width: shape.inputs, vectors: vectors)
    }
    var poison = Lanes.zero
    pair.start(rows: shape.outputs)
    for row in stride(from: 0, to: shape.outputs, by: WeightPanel.height) {
      layer.fill(&panel, from: row)
      if isPruned {
        // Late, so that they are in the nearest cache.
        if row == 0 && place == .pair { pair.giveSignal(to: &signal) }
        layer.prune(&panel, from: row, times: signal, vectors: vectors, into: &prunedPart)
      }
      if isLast {
        pair.applyLast(panel, row: row, adding: prunedPart, isPruned: isPruned)
      } else {
        poison += pair.apply(panel, row: row, adding: prunedPart, isPruned: isPruned)
      }
    }
    pair.finish(isPruned: isPruned)
    (hasError, place) = (pair.hasError, isLast ? .lastError : .pair)
    if tape != nil && !isLast {
      giveRows()
      // Behind a ReLU the slopes are what they were before it.
      tape?.append(.relu, signal, error, hasError: hasError, count: shape.outputs * vectors)
    }
    return poison == Lanes.zero
  }

  /// Puts both into `signal` and `error`, wherever they are; after the last layer there is no signal.
  mutating func giveRows() {
    guard place == .pair || place == .lastError else { return }
    if place == .pair { pair.giveSignal(to: &signal) }
    if hasError { pair.giveError(to: &error) }
    place = place == .pair ? .everywhere : .rows
  }

  /// The Euclidean norms of the first inputs' errors behind the last layer.
  ///
  /// - Parameters:
  ///   - width: the number of rows.
  ///   - vectors: the number of vectors in a row of the batch.
  ///   - norms: receives them.
  func errorNorms(width: Int, vectors: Int, into norms: inout [Double]) {
    if place == .lastError {
      pair.errorNorms(into: &norms)
    } else {
      ColumnNorms.euclidean(error, rows: width, vectors: vectors, into: &norms)
    }
  }

  private static func add(_ part: borrowing Batch, to sum: inout Batch, count: Int) {
    for index in 0..<count { sum[index] += part[index] }
  }
}

/// σ'(F) and σ'(f) of every layer but the last, as a forward pass meets them.
struct SlopeTape {
  /// The slopes of one layer.
  struct Slopes {
    var full: [Lanes] = []
    /// Equal to `full` where no error has arisen, and then left empty.
    var kept: [Lanes] = []
  }

  /// Layer k is at index k − 1.
  private(set) var layers: [Slopes] = []
  private var next = 0

  /// Starts a new pass in the memory of the last.
  mutating func rewind() { next = 0 }

  mutating func append(
    _ activation: Activation, _ signal: borrowing Batch, _ error: borrowing Batch,
    hasError: Bool, count: Int
  ) {
    if next == layers.count { layers.append(Slopes()) }
    Self.size(&layers[next].full, count)
    for index in 0..<count { layers[next].full[index] = activation.slope(signal[index]) }
    if hasError {
      Self.size(&layers[next].kept, count)
      for index in 0..<count {
        layers[next].kept[index] = activation.slope(signal[index] - error[index])
      }
    } else {
      layers[next].kept.removeAll(keepingCapacity: true)
    }
    next += 1
  }

  private static func size(_ slopes: inout [Lanes], _ count: Int) {
    if slopes.count != count { slopes = [Lanes](repeating: .zero, count: count) }
  }
}
