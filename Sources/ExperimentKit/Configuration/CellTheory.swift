import Foundation
import PruningBounds

/// What theory says of a cell. Computed when asked for: a bound may take a millisecond, a cell is
/// read in microseconds.
public struct CellTheory: Sendable {
  /// The bounds that there are, times `boundFactor`, by name; finite.
  public let bounds: [String: Double]
  /// The ball bound and what it is made of; nil for matrices and without bounds.
  public let ballBound: BallBound?
  /// The mean-field prediction of the root-mean-square error; nil where there is none.
  public let meanField: Double?

  /// - Parameter cell: the cell.
  public init(_ cell: Cell) {
    let logDelta = log(cell.delta)
    var bounds: [String: Double] = [:]
    switch cell.kind {
    case .network:
      ballBound = cell.hypotheses.map { BallBound($0, logDelta: logDelta) }
      bounds["ball"] = ballBound?.value
      bounds["point"] = cell.hypotheses.map { PointBound($0, logDelta: logDelta).value }
      let prediction = cell.hypotheses.flatMap {
        MeanField.rootMeanSquareError($0, activation: cell.activationMoments)
      }
      meanField = prediction.flatMap { $0.isFinite ? $0 : nil }
    case .matrix:
      (ballBound, meanField) = (nil, nil)
      if let layer = cell.hypotheses?.layers[0] {
        bounds = MatrixBounds.all(layer, logDelta: logDelta)
      }
    }
    self.bounds = bounds.mapValues { $0 * cell.boundFactor }.filter(\.value.isFinite)
  }
}
