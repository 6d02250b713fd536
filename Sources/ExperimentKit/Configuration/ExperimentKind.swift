import PruningBounds

/// What the cells of an experiment are: which quantities its trials measure and which bounds it
/// judges. All cells of an experiment are of one kind, so that its tables have one header.
public enum ExperimentKind: Hashable, Sendable {
  /// Networks.
  case network
  /// Single matrices, for the lemmas that the bounds are made of.
  case matrix

  /// The columns of `trials.csv` that hold measurements.
  public var quantities: [Quantity] {
    switch self {
    case .network: [.pointError, .rmsError, .maxError, .ballLower, .certificate]
    case .matrix:
      [
        .norm, .keptNorm, .prunedNorm, .prunedNormUpper, .threshold, .maxRowCount,
        .maxColumnCount,
      ]
    }
  }

  /// The quantities that `summary.csv` describes by mean and quantile.
  public var summarised: [Quantity] {
    self == .network ? [.pointError, .maxError, .ballLower, .certificate] : quantities
  }

  /// The bounds that are judged, by the names of their columns.
  public var bounds: [String] {
    self == .network ? NetworkBounds.Name.allCases.map(\.rawValue) : MatrixBounds.names
  }

  /// The quantities a bound is judged by: the first that was measured.
  public func estimates(of bound: String) -> [Quantity] {
    switch bound {
    case "norm_variance": [.norm]
    case "kept_norm_variance": [.keptNorm]
    default:
      switch NetworkBounds.Name(rawValue: bound)?.bounds {
      case .ball: [.ballLower, .maxError]
      case .point: [.pointError]
      case nil: [Quantity(rawValue: bound) ?? .prunedNorm]
      }
    }
  }

  /// The quantity that is an upper bound of what a bound bounds.
  public func certificate(of bound: String) -> Quantity? {
    if NetworkBounds.Name(rawValue: bound)?.bounds == .ball { return .certificate }
    return PrunedPartBoundName(rawValue: bound) == nil ? nil : .prunedNormUpper
  }
}
