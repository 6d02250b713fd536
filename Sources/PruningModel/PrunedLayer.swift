import NumericKernels
import RandomStreams

/// A layer after pruning: W = w + Δ, the kept weights dense, the pruned ones sparse.
struct PrunedLayer {
  private(set) var shape = LayerShape.dense(outputs: 0, inputs: 0)
  /// w: rows × columns of the shape, row-major; memory may be longer, from a larger layer before. Not held
  /// where the weights are drawn in panels, nor is Δ.
  private(set) var kept: [Float] = []
  /// Δ.
  private(set) var pruned = SparseRows()
  /// Whether a weight is pruned.
  private(set) var isPruned = false
  /// The places of the pruned weights.
  private var places: [UInt32] = []
  /// The same where the weights are drawn in panels.
  private var marks = EntryMarks()
  /// Where the weights of panels come from; nil where all are held.
  private var source: Source?

  private struct Source {
    let law: Law
    let stream: RandomStream
    let amplitude: Float
  }

  /// Draws the weights of a layer and prunes them.
  ///
  /// - Parameters:
  ///   - layer: which of the design's, from 1.
  ///   - design: the cell's design.
  ///   - address: the trial's.
  ///   - inPanels: whether the weights are only to be had panel by panel.
  ///   - selector: chooses the pruned weights.
  mutating func draw(
    _ layer: Int, of design: TrialDesign, at address: TrialAddress, inPanels: Bool = false,
    with selector: inout PruningSelector
  ) throws(TrialFailure) {
    shape = design.shapes[layer - 1]
    let (size, count) = (shape.weightCount, design.prunedCounts[layer - 1])
    let amplitude = design.amplitude(layer: layer)
    let stream = address.stream(layer: layer, .weights)
    let mask = address.stream(layer: layer, .mask)
    isPruned = count > 0
    if inPanels {
      if isPruned { selector.mark(count, of: size, mask: mask, in: &marks) }
      source = Source(law: design.law, stream: stream, amplitude: amplitude)
      return
    }
    source = nil
    if kept.count < size { kept = [Float](repeating: 0, count: size) }
    design.law.fill(first: size, of: &kept, from: stream, amplitude: amplitude)
    if design.law.canOverflow && kept[..<size].contains(where: { !$0.isFinite }) {
      throw .nonFiniteWeight(layer: layer)
    }
    selector.select(
      count, ofFirst: size, of: kept, by: design.pruning.method, mask: mask, into: &places)
    pruned.take(places, outOf: &kept, rows: shape.weightRows, columns: shape.weightColumns)
  }

  /// A panel of a fully connected layer: of w where the weights are held, else of W.
  ///
  /// - Parameter first: the row to begin with.
  func fill(_ panel: inout WeightPanel, from first: Int) {
    let (rows, columns) = (shape.weightRows, shape.weightColumns)
    if let source {
      source.law.fill(
        &panel, from: first, columns: columns, from: source.stream, amplitude: source.amplitude)
    } else {
      panel.pack(kept, from: first, rows: rows, columns: columns)
    }
  }

  /// The same rows of Δ·batch; makes a panel of W one of w.
  ///
  /// - Parameters:
  ///   - panel: filled from the row on.
  ///   - first: the row.
  ///   - batch: inputs × vectors.
  ///   - vectors: the number of vectors in a row of the batch.
  ///   - product: receives these rows of the product, row-major.
  func prune(
    _ panel: inout WeightPanel, from first: Int, times batch: borrowing Batch, vectors: Int,
    into product: inout Batch
  ) {
    if source == nil {
      pruned.multiply(panelFrom: first, batch, vectors: vectors, into: &product)
    } else {
      panel.prune(marks, from: first, times: batch, vectors: vectors, into: &product)
    }
  }

  /// w, W or Δ as a dense matrix for its norm.
  func matrix(_ part: Part) -> DenseMatrix {
    let (rows, columns) = (shape.weightRows, shape.weightColumns)
    var matrix =
      part == .pruned
      ? DenseMatrix(rows: rows, columns: columns)
      : DenseMatrix(rows: rows, columns: columns, entries: kept)
    if part != .kept { matrix.add(pruned) }
    return matrix
  }

  enum Part {
    case kept
    case full
    case pruned
  }

  /// The operator norm of a part, from below, to about 1e-5; of a convolution padded with zeros, that of
  /// the larger grid that wraps around.
  func normLowerBound(_ part: Part) -> Double {
    switch shape {
    case .dense: SpectralNorm.lowerBound(matrix(part))
    case .convolution(_, let patches): ConvolutionNorm(matrix(part), patches).lowerBound
    }
  }

  /// A true upper bound of the operator norm of a part.
  func normUpperBound(_ part: Part) -> Double {
    switch shape {
    case .dense: SpectralNorm.upperBound(matrix(part))
    case .convolution(_, let patches): ConvolutionNorm(matrix(part), patches).upperBound
    }
  }
}

/// A layer at work on a batch. `scratch` holds the patches of a convolution.
extension PrunedLayer {
  /// w·batch.
  func multiplyKept(
    _ batch: borrowing Batch, vectors: Int, scratch: inout ConvolutionScratch,
    into product: inout Batch
  ) {
    switch shape {
    case .dense(let outputs, let inputs):
      MatrixProduct.multiply(
        weights: kept, rows: outputs, columns: inputs, batch: batch, vectors: vectors,
        into: &product)
    case .convolution(let channels, let patches):
      ConvolutionProduct.multiply(
        weights: kept, outChannels: channels, patches: patches, images: batch, vectors: vectors,
        scratch: &scratch, into: &product)
    }
  }

  /// Δ·batch.
  func multiplyPruned(
    _ batch: borrowing Batch, vectors: Int, scratch: inout ConvolutionScratch,
    into product: inout Batch
  ) {
    switch shape {
    case .dense: pruned.multiply(batch, vectors: vectors, into: &product)
    case .convolution(_, let patches):
      ConvolutionProduct.multiply(
        sparse: pruned, patches: patches, images: batch, vectors: vectors, scratch: &scratch,
        into: &product)
    }
  }

  /// wᵀ·batch.
  func multiplyKeptTransposed(
    _ batch: borrowing Batch, vectors: Int, scratch: inout ConvolutionScratch,
    into product: inout Batch
  ) {
    switch shape {
    case .dense(let outputs, let inputs):
      MatrixProduct.multiplyTransposed(
        weights: kept, rows: outputs, columns: inputs, batch: batch, vectors: vectors,
        into: &product)
    case .convolution(let channels, let patches):
      for index in 0..<shape.inputs * vectors { product[index] = .zero }
      ConvolutionProduct.addTransposed(
        weights: kept, sparse: nil, outChannels: channels, patches: patches, batch: batch,
        vectors: vectors, scratch: &scratch, to: &product)
    }
  }

  /// sum += Δᵀ·batch.
  func addPrunedTransposed(
    _ batch: borrowing Batch, vectors: Int, scratch: inout ConvolutionScratch, to sum: inout Batch
  ) {
    guard isPruned else { return }
    switch shape {
    case .dense: pruned.addTransposedProduct(with: batch, vectors: vectors, to: &sum)
    case .convolution(let channels, let patches):
      ConvolutionProduct.addTransposed(
        weights: nil, sparse: pruned, outChannels: channels, patches: patches, batch: batch,
        vectors: vectors, scratch: &scratch, to: &sum)
    }
  }
}
