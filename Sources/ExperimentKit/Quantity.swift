import PruningModel

/// What a trial measures, by the name of its column.
public enum Quantity: String, Sendable, CaseIterable {
  /// e at the first input.
  case pointError = "point_error"
  /// The root mean square of e over the inputs.
  case rmsError = "rms_error"
  /// The largest e over the inputs.
  case maxError = "max_error"
  /// The largest e found by ascent.
  case ballLower = "ball_lower"
  /// An upper bound of e over the ball.
  case certificate
  /// ‖W‖ of a matrix.
  case norm
  /// ‖w‖.
  case keptNorm = "kept_norm"
  /// ‖Δ‖.
  case prunedNorm = "pruned_norm"
  /// A true upper bound of ‖Δ‖.
  case prunedNormUpper = "pruned_norm_upper"
  /// The smallest kept magnitude.
  case threshold
  /// The largest number of pruned weights in a row.
  case maxRowCount = "max_row_count"
  /// The largest number of pruned weights in a column.
  case maxColumnCount = "max_column_count"

  /// Whether it is a whole number.
  public var isCount: Bool { self == .maxRowCount || self == .maxColumnCount }
}

extension TrialMeasurement {
  /// The value of a quantity, nil where it was not measured.
  public func value(_ quantity: Quantity) -> Double? {
    switch self {
    case .errors(let errors):
      switch quantity {
      case .pointError: errors.point
      case .rmsError: errors.rootMeanSquare
      case .maxError: errors.maximum
      case .ballLower: errors.ballLower
      case .certificate: errors.certificate
      default: nil
      }
    case .norms(let norms):
      switch quantity {
      case .norm: norms.norm
      case .keptNorm: norms.keptNorm
      case .prunedNorm: norms.prunedNorm
      case .prunedNormUpper: norms.prunedNormUpper
      case .threshold: norms.threshold
      case .maxRowCount: Double(norms.maxRowCount)
      case .maxColumnCount: Double(norms.maxColumnCount)
      default: nil
      }
    }
  }
}
