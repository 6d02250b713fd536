import Foundation
import PruningModel

/// The trials still to be run and the rows of those that were; shared by the queues.
final class WorkList: @unchecked Sendable {
  /// A few trials of one series.
  struct Piece {
    let series: Int
    let trials: Range<Int>
  }

  /// The rows of a piece, one after another.
  struct Rows {
    let piece: Piece
    let bytes: [UInt8]
  }

  private let lock = NSLock()
  /// Series in falling order of cost: the trials left, and how many to take at once.
  private var queue: [(piece: Piece, stride: Int)]
  private var place = 0
  private var finished: [Rows] = []

  /// A piece is about a millisecond of work, a lock well below a microsecond.
  private static let pieceCost = 2e7

  /// - Parameters:
  ///   - series: the experiment's.
  ///   - trials: what to run of each.
  init(_ series: [TrialSeries], _ trials: [RangeSet<Int>]) {
    let costs = series.map { Self.cost($0.design) }
    let order = costs.indices.sorted { (costs[$0], $1) > (costs[$1], $0) }
    queue = order.flatMap { place in
      trials[place].ranges.map { range in
        (
          Piece(series: place, trials: range),
          max(1, min(1024, Int(Self.pieceCost / costs[place])))
        )
      }
    }
  }

  /// Roughly the multiply-adds of a trial, the drawing of a weight counted as eight.
  static func cost(_ design: TrialDesign) -> Double {
    let weights = design.shapes.reduce(0) { $0 + $1.multiplyAdds }
    if design.kind == .matrix {
      let shape = design.shapes[0]
      return 1000 + Double(weights) * 8 * Double(min(shape.weightRows, shape.weightColumns))
    }
    return 1000 + Double(weights) * (8 + 2 * Double(design.inputs.count))
  }

  /// The next piece, nil if there is none left.
  func take() -> Piece? {
    lock.withLock {
      guard place < queue.count else { return nil }
      let (piece, stride) = queue[place]
      let end = min(piece.trials.upperBound, piece.trials.lowerBound + stride)
      queue[place].piece = Piece(series: piece.series, trials: end..<piece.trials.upperBound)
      if end == piece.trials.upperBound { place += 1 }
      return Piece(series: piece.series, trials: piece.trials.lowerBound..<end)
    }
  }

  /// Takes the rows of a piece.
  func finish(_ rows: Rows) { lock.withLock { finished.append(rows) } }

  /// The rows since the last call.
  func collect() -> [Rows] {
    lock.withLock {
      defer { finished.removeAll(keepingCapacity: true) }
      return finished
    }
  }
}
