import NumericKernels
import RandomStreams

/// A layer after pruning: W = w + Δ, the kept weights dense, the pruned ones sparse.
struct PrunedLayer {
  private(set) var rows = 0
  private(set) var columns = 0
  /// w: rows × columns, row-major; memory may be longer, from a larger layer before.
  private(set) var kept: [Float] = []
  /// Δ.
  private(set) var pruned = SparseRows()

  var isPruned: Bool { !pruned.values.isEmpty }
  var size: Int { rows * columns }

  /// Draws the weights of a layer and prunes them.
  mutating func draw(
    _ layer: Int, of design: TrialDesign, at address: TrialAddress,
    with selector: inout PruningSelector
  ) throws(TrialFailure) {
    rows = design.widths[layer]
    columns = design.widths[layer - 1]
    if kept.count < size { kept = [Float](repeating: 0, count: size) }
    design.law.fill(
      first: size, of: &kept, from: address.stream(layer: layer, .weights),
      amplitude: design.amplitude(layer: layer))
    if design.law.canOverflow && kept[..<size].contains(where: { !$0.isFinite }) {
      throw .nonFiniteWeight(layer: layer)
    }
    let places = selector.select(
      design.prunedCounts[layer - 1], ofFirst: size, of: kept, by: design.pruning.method,
      mask: address.stream(layer: layer, .mask))
    pruned.take(places, outOf: &kept, rows: rows, columns: columns)
  }

  /// w·batch.
  func multiplyKept(_ batch: [Lanes], vectors: Int, into product: inout [Lanes]) {
    MatrixProduct.multiply(
      weights: kept, rows: rows, columns: columns, batch: batch, vectors: vectors,
      into: &product)
  }

  /// wᵀ·batch.
  func multiplyKeptTransposed(_ batch: [Lanes], vectors: Int, into product: inout [Lanes]) {
    MatrixProduct.multiplyTransposed(
      weights: kept, rows: rows, columns: columns, batch: batch, vectors: vectors,
      into: &product)
  }

  /// w, W or Δ as a dense matrix for its norm.
  func matrix(_ part: Part) -> DenseMatrix {
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
}
