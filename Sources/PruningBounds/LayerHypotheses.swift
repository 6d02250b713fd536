/// One layer, fully connected or convolutional, as the theorems see it.
///
/// A fully connected layer is a matrix of R × C blocks of one weight. A convolution (<doc:Convolutions>)
/// is a matrix of R × C = c_out × c_in blocks of q² weights, a tap each; its operator has n_f
/// frequencies.
public struct LayerHypotheses: Sendable, Hashable {
  /// The kernel of a convolution.
  public struct Kernel: Sendable, Hashable {
    /// q.
    public let side: Int
    /// n_f: N² frequencies of an N × N grid that wraps around, (N + ⌊q/2⌋)² of one padded with zeros.
    public let frequencies: Int

    /// - Parameters:
    ///   - side: q, odd.
    ///   - grid: N, at least q.
    ///   - isCircular: whether the grid wraps around, else it is padded with zeros.
    public init(side: Int, grid: Int, isCircular: Bool) {
      precondition(side % 2 == 1 && side <= grid, "no kernel of side \(side) on a grid of \(grid)")
      self.side = side
      let period = isCircular ? grid : grid + side / 2
      frequencies = period * period
    }
  }

  /// R = d_k, or c_out.
  public let rows: Int
  /// C = d_{k−1}, or c_in.
  public let columns: Int
  /// The kernel of a convolution, nil for a fully connected layer.
  public let kernel: Kernel?
  /// K.
  public let scale: Double
  /// a_k = K/√max(R, C), for a convolution K/√(q² max(R, C)): weights are a_k Z.
  public let amplitude: Double
  /// m_k, the number of pruned weights; 0 where the layer is not pruned.
  public let pruned: Int
  /// The base law Z.
  public let law: WeightLaw
  /// The pruning rule.
  public let method: PruningMethod

  /// A layer of weights a_k Z.
  ///
  /// - Parameters:
  ///   - rows: output width or channels, at least 1.
  ///   - columns: input width or channels, at least 1.
  ///   - kernel: of a convolution.
  ///   - scale: K > 0.
  ///   - pruned: 0 … the number of weights.
  ///   - law: magnitude pruning needs a law without ties, so not `rademacher`.
  ///   - method: how the pruned weights are chosen.
  public init(
    rows: Int, columns: Int, kernel: Kernel? = nil, scale: Double, pruned: Int, law: WeightLaw,
    method: PruningMethod
  ) {
    precondition(rows >= 1 && columns >= 1 && scale > 0, "a layer needs entries and a scale")
    let taps = (kernel?.side ?? 1) * (kernel?.side ?? 1)
    precondition((0...rows * columns * taps).contains(pruned), "no \(pruned) weights to prune")
    precondition(!(law == .rademacher && method == .magnitude && pruned > 0), "magnitudes tie")
    self.rows = rows
    self.columns = columns
    self.kernel = kernel
    self.scale = scale
    self.amplitude = scale / Double(taps * max(rows, columns)).squareRoot()
    self.pruned = pruned
    self.law = law
    self.method = method
  }

  /// The layer with another number of pruned weights.
  func pruning(_ count: Int) -> LayerHypotheses {
    LayerHypotheses(
      rows: rows, columns: columns, kernel: kernel, scale: scale, pruned: count, law: law,
      method: method)
  }

  /// q, 1 for a fully connected layer.
  var side: Int { kernel?.side ?? 1 }
  /// The weights in a row of blocks, c_in q².
  var rowLength: Int { columns * side * side }
  /// The weights in a column of blocks, c_out q².
  var columnLength: Int { rows * side * side }
  /// D.
  var size: Int { rows * rowLength }
  /// s = s_Z a: the standard deviation of the dominating gaussian entries.
  var deviation: Double { law.dominationConstant * amplitude }
}
