import Dispatch
import Synchronization

/// Inverts a bound: what may be asked for so that it stays at most ε.
public struct Planner: Sendable {
  /// A bound of the theory, by name.
  public enum Bound: String, Sendable, CaseIterable {
    /// The ball bound.
    case ball
    /// The point bound.
    case point
    /// The sharp point bound.
    case sharpPoint
    /// The net ball bound.
    case netBall

    /// The bound's value at failure probability δ.
    public func value(_ network: NetworkHypotheses, logDelta: Double) -> Double {
      switch self {
      case .ball: BallBound(network, logDelta: logDelta).value
      case .point: PointBound(network, logDelta: logDelta).value
      case .sharpPoint: SharpPointBound(network, logDelta: logDelta).value
      case .netBall: NetBallBound(network, logDelta: logDelta).value
      }
    }

    /// Whether there is such a bound of a network: the sharp ones need fully connected layers.
    public func applies(to network: NetworkHypotheses) -> Bool {
      self == .ball || self == .point || network.isFullyConnected
    }

    /// The bound's name in tables.
    public var name: NetworkBounds.Name {
      switch self {
      case .ball: .ball
      case .point: .point
      case .sharpPoint: .sharpPoint
      case .netBall: .netBall
      }
    }
  }

  /// The bound that is inverted.
  public let bound: Bound
  /// ε.
  public let epsilon: Double
  /// ln δ.
  public let logDelta: Double

  /// - Parameters:
  ///   - bound: the bound that is inverted.
  ///   - epsilon: above 0.
  ///   - logDelta: ln δ, δ in (0, 1).
  public init(bound: Bound, epsilon: Double, logDelta: Double) {
    self.bound = bound
    self.epsilon = epsilon
    self.logDelta = logDelta
  }

  /// Whether the bound of a network is at most ε.
  public func accepts(_ network: NetworkHypotheses) -> Bool {
    bound.value(network, logDelta: logDelta) <= epsilon
  }

  /// The smallest width such that it and every larger one up to a maximum are accepted, by scan,
  /// since the bound is not monotone at small widths; nil if the maximum itself is not.
  ///
  /// The scan goes down from the maximum, some widths at a time on every core.
  public func smallestWidth(
    upTo maximum: Int, network: @Sendable (_ width: Int) -> NetworkHypotheses
  ) -> Int? {
    var smallest: Int?
    var count = 1
    while (smallest ?? maximum + 1) > 1 {
      let top = (smallest ?? maximum + 1) - 1
      count = min(count, top)
      let rejected = Mutex(Set<Int>())
      DispatchQueue.concurrentPerform(iterations: count) { index in
        if !accepts(network(top - index)) { rejected.withLock { _ = $0.insert(top - index) } }
      }
      if let largest = rejected.withLock({ $0.max() }) {
        return largest < top ? largest + 1 : smallest
      }
      smallest = top - count + 1
      count = 64
    }
    return smallest
  }

  /// The largest number of weights that may be pruned from one layer, the others unpruned; nil if
  /// not even one may.
  ///
  /// The bound grows with the number, except that the last step, to all weights, changes from the
  /// table for magnitude pruning to that for random pruning: all weights are tried apart.
  ///
  /// - Parameters:
  ///   - layer: from 1.
  ///   - network: its own pruned counts are of no importance.
  public func largestCount(of layer: Int, in network: NetworkHypotheses) -> Int? {
    let size = network.layers[layer - 1].size
    func accepts(_ count: Int) -> Bool {
      var counts = network.layers.map { _ in 0 }
      counts[layer - 1] = count
      return self.accepts(network.pruning(counts))
    }
    if accepts(size) { return size }
    guard accepts(1) else { return nil }
    var (low, high) = (1, size)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if accepts(middle) { low = middle } else { high = middle }
    }
    return low
  }

  /// The smallest α, to the precision of a double, whose counts are accepted together: the most
  /// that may be pruned from all layers with one α; nil if none below 1 is accepted. Found by halves:
  /// where nearly all weights of several layers go the sharp bounds fall again a little, so that there
  /// may be accepted values below it.
  ///
  /// - Parameters:
  ///   - network: its own pruned counts are of no importance.
  ///   - counts: the counts of all layers at α, falling in α.
  public func smallestAlpha(
    in network: NetworkHypotheses, counts: (_ alpha: Double) -> [Int]
  ) -> Double? {
    func accepts(_ alpha: Double) -> Bool { self.accepts(network.pruning(counts(alpha))) }
    var (low, high) = (Double.leastNormalMagnitude, 1.0.nextDown)
    guard accepts(high) else { return nil }
    if accepts(low) { return low }
    while true {
      let middle = low + (high - low) / 2
      guard middle > low && middle < high else { return high }
      if accepts(middle) { high = middle } else { low = middle }
    }
  }
}

extension NetworkHypotheses {
  /// The network with other counts of pruned weights.
  public func pruning(_ counts: [Int]) -> NetworkHypotheses {
    NetworkHypotheses(
      layers: zip(layers, counts).map { $0.pruning($1) }, activation: activation)
  }
}
