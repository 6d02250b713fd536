/// One fully connected layer, as the theorems see it.
public struct LayerHypotheses: Sendable, Hashable {
  /// R = d_k.
  public let rows: Int
  /// C = d_{k−1}.
  public let columns: Int
  /// K.
  public let scale: Double
  /// a_k = K/√max(R, C): W[i, j] = a_k Z.
  public let amplitude: Double
  /// m_k, the number of pruned weights; 0 where the layer is not pruned.
  public let pruned: Int
  /// The base law Z.
  public let law: WeightLaw
  /// The pruning rule.
  public let method: PruningMethod

  /// A layer of weights a_k Z with a_k = scale/√max(rows, columns).
  ///
  /// - Parameters:
  ///   - rows: output width, at least 1.
  ///   - columns: input width, at least 1.
  ///   - scale: K > 0.
  ///   - pruned: 0 … rows·columns.
  ///   - law: magnitude pruning needs a law without ties, so not `rademacher`.
  ///   - method: how the pruned weights are chosen.
  public init(
    rows: Int, columns: Int, scale: Double, pruned: Int, law: WeightLaw, method: PruningMethod
  ) {
    precondition(rows >= 1 && columns >= 1 && scale > 0, "a layer needs entries and a scale")
    precondition((0...rows * columns).contains(pruned), "no \(pruned) weights to prune")
    precondition(!(law == .rademacher && method == .magnitude && pruned > 0), "magnitudes tie")
    self.rows = rows
    self.columns = columns
    self.scale = scale
    self.amplitude = scale / Double(max(rows, columns)).squareRoot()
    self.pruned = pruned
    self.law = law
    self.method = method
  }

  /// The layer with another number of pruned weights.
  func pruning(_ count: Int) -> LayerHypotheses {
    LayerHypotheses(
      rows: rows, columns: columns, scale: scale, pruned: count, law: law, method: method)
  }

  /// D = R·C.
  var size: Int { rows * columns }
  /// s = s_Z a: the standard deviation of the dominating gaussian entries.
  var deviation: Double { law.dominationConstant * amplitude }
}
