import Foundation

/// The bounds of one random matrix, or of one convolution, each at failure probability δ by itself: what
/// the theorems are made of, for experiments that test them one by one.
///
/// | name | bounds | source |
/// |---|---|---|
/// | `norm`, `kept_norm` | ‖W‖, ‖w‖ | (2), or the smaller of the two of <doc:Convolutions> |
/// | `norm_variance`, `kept_norm_variance` | likewise | (2′) |
/// | rows of the table | ‖Δ‖ | <doc:RandomPruning> |
/// | `threshold` | T, at δ/4 as the table uses it | <doc:MagnitudePruning> |
/// | `max_row_count`, `max_column_count` | pruned entries in a row, in a column; of a convolution, of an output and of an input channel | <doc:Setting> |
public enum MatrixBounds {
  /// Every name, in the order of tables.
  public static let names =
    ["norm", "kept_norm", "norm_variance", "kept_norm_variance"]
    + PrunedPartBoundName.allCases.map(\.rawValue)
    + ["threshold", "max_row_count", "max_column_count"]

  /// The bounds that apply, by name.
  ///
  /// - Parameters:
  ///   - layer: the matrix.
  ///   - logDelta: ln δ, δ in (0, 1).
  public static func all(_ layer: LayerHypotheses, logDelta: Double) -> [String: Double] {
    let norm = layer.normBound(logEta: logDelta)
    var bounds = ["norm": norm, "kept_norm": norm]
    if layer.kernel == nil {
      bounds["norm_variance"] = layer.varianceNormBound(logEta: logDelta)
      bounds["kept_norm_variance"] = bounds["norm_variance"]
    }
    let table = layer.prunedPartBounds(logEta: logDelta)
    for bound in table + layer.variancePrunedPartBounds(logEta: logDelta) {
      bounds[bound.name.rawValue] = bound.value
    }
    if layer.method == .magnitude && layer.pruned > 0 && layer.pruned < layer.size {
      bounds["threshold"] = layer.threshold(logEta: logDelta - log(4))
    }
    if layer.pruned > 0 {
      bounds["max_row_count"] = layer.largestCount(
        inLine: layer.rowLength, logEta: logDelta - log(Double(layer.rows)))
      bounds["max_column_count"] = layer.largestCount(
        inLine: layer.columnLength, logEta: logDelta - log(Double(layer.columns)))
    }
    return bounds
  }
}
