import NumericKernels

/// What is measured of one layer by itself.
public struct LayerNorms: Hashable, Sendable {
  /// ‖W‖, from below, to about 1e-5.
  public let norm: Double
  /// ‖w‖, likewise.
  public let keptNorm: Double
  /// ‖Δ‖, likewise.
  public let prunedNorm: Double
  /// A true upper bound of ‖Δ‖, at most 1.01 ‖Δ‖.
  public let prunedNormUpper: Double
  /// T, the smallest kept magnitude, under magnitude pruning that keeps a weight.
  public let threshold: Double?
  /// The largest number of pruned weights in a row, or of an output channel.
  public let maxRowCount: Int
  /// The largest number of pruned weights in a column, or of an input channel.
  public let maxColumnCount: Int

  /// The members, in order.
  public init(
    norm: Double, keptNorm: Double, prunedNorm: Double, prunedNormUpper: Double,
    threshold: Double?, maxRowCount: Int, maxColumnCount: Int
  ) {
    self.norm = norm
    self.keptNorm = keptNorm
    self.prunedNorm = prunedNorm
    self.prunedNormUpper = prunedNormUpper
    self.threshold = threshold
    self.maxRowCount = maxRowCount
    self.maxColumnCount = maxColumnCount
  }
}

extension PrunedLayer {
  /// The layer's norms and counts.
  ///
  /// - Parameter method: only magnitude pruning has a threshold.
  func norms(_ method: PruningRule.Method) -> LayerNorms {
    // A column of blocks: one of a matrix, the q² of a channel of a convolution.
    var taps = 1
    if case .convolution(_, let patches) = shape { taps = patches.kernel * patches.kernel }
    var columnCounts = [Int](repeating: 0, count: shape.weightColumns / taps)
    for column in pruned.columns { columnCounts[Int(column) / taps] += 1 }
    let starts = pruned.rowStarts
    return LayerNorms(
      norm: normLowerBound(.full), keptNorm: normLowerBound(.kept),
      prunedNorm: normLowerBound(.pruned), prunedNormUpper: normUpperBound(.pruned),
      threshold: method == .magnitude ? smallestKeptMagnitude : nil,
      maxRowCount: zip(starts, starts.dropFirst()).map { $1 - $0 }.max() ?? 0,
      maxColumnCount: columnCounts.max() ?? 0)
  }

  private var smallestKeptMagnitude: Double? {
    var smallest: Float?
    var entry = 0
    for row in 0..<shape.weightRows {
      for column in 0..<shape.weightColumns {
        if entry < pruned.rowStarts[row + 1] && Int(pruned.columns[entry]) == column {
          entry += 1
        } else {
          smallest = min(smallest ?? .infinity, kept[row * shape.weightColumns + column].magnitude)
        }
      }
    }
    return smallest.map(Double.init)
  }
}
