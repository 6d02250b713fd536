import Foundation

/// The sharp point bound (<doc:SharpBounds>): for one fixed x with ‖x‖ ≤ 1, with probability at least
/// 1 − δ, ‖F(x) − f(x)‖ ≤ `value`. Ours, not the paper's.
///
/// H_k = ‖h_k‖² and E_k = ‖h_k − g_k‖², the squared activations of F and the squared error after layer
/// k, are followed through the network in L^q norm; Markov's inequality is applied once, at the end.
/// Every moment is a polynomial with non-negative coefficients in even moments of the weights.
public struct SharpPointBound: Sendable, Hashable {
  /// The bound; 0 where nothing is pruned, infinite where no q is allowed.
  public let value: Double
  /// The order q of the moment that gives the smallest bound; nil where nothing is pruned.
  public let order: Int?

  /// The orders among which the smallest bound is taken; fixed beforehand, hence free.
  public static let orders = Array(1...16) + Array(stride(from: 20, through: 128, by: 4))

  /// The sharp point bound of a network.
  ///
  /// - Parameters:
  ///   - network: shapes, laws, pruned counts and the activation.
  ///   - logDelta: ln δ, δ in (0, 1).
  public init(_ network: NetworkHypotheses, logDelta: Double) {
    self = SharpMoments(network).bound(logDelta: logDelta)
  }

  init(value: Double, order: Int?) {
    self.value = value
    self.order = order
  }
}

/// The L^q norms of a network's squared signals and errors, for every q: all of the sharp point bound
/// that does not depend on δ, so that a bound at another δ takes microseconds.
struct SharpMoments {
  /// What the recursion needs of a layer.
  private struct Layer {
    let hypotheses: LayerHypotheses
    /// τ_k = K² Var Z/n_k.
    let logVariance: Double
    /// M of layer k with every entry kept.
    let full: RowMoments
    /// M of layer k at keep rate 1 − p, and of power 1 only; nil at p = 0 or 1.
    let kept: RowMoments?
    /// ln m_q^{1/q} by place of q: m_q bounds the q-th moment of the pruned part's sum over all index
    /// pairs; empty where nothing is pruned.
    let logPrunedNorms: [Double]
    /// Magnitude pruning of some weights; pruning all is the same for both rules.
    let conditional: Conditional?

    var isPruned: Bool { hypotheses.pruned > 0 }
    /// Gaussian weights pruned by magnitude spend δ/100 of each such layer on its threshold.
    var isSpending: Bool { conditional != nil && hypotheses.law == .gaussian }
  }

  private static let orders = SharpPointBound.orders

  private let layers: [Layer]
  private let network: NetworkHypotheses
  /// Of Markov's inequality behind an output layer that is not pruned, by place of q.
  private var logTails: [Double] = []
  /// ln ‖E_l‖_q or ln ‖E_{l−1}‖_q by place of q, where it does not depend on δ.
  private var logErrors: [Double?]?

  /// - Parameter network: without convolutions.
  init(_ network: NetworkHypotheses) {
    precondition(network.isFullyConnected, "the sharp bounds are not proved for convolutions")
    self.network = network
    let order = Self.orders.last ?? 1
    let last = network.layers.count
    // Layers of one shape share their tables.
    var known: [RowKey: RowMoments] = [:]
    func moments(_ rows: Int, _ slope: Double, _ keepRate: Double, single: Bool) -> RowMoments {
      let key = RowKey(rows: rows, slope: slope, keepRate: keepRate, isSingle: single)
      if let table = known[key] { return table }
      let table = RowMoments(
        rows: rows, slope: slope, keepRate: keepRate, order: order,
        powers: single ? 1...1 : 1...order)
      known[key] = table
      return table
    }
    var prunedNorms: [PairKey: [Double]] = [:]
    var layers: [Layer] = []
    for (index, layer) in network.layers.enumerated() {
      let isLast = index + 1 == last
      let slope = isLast ? 1 : network.activation.slope
      let share = Double(layer.pruned) / Double(layer.size)
      let needsBlocks =
        layer.pruned > 0 || index + 1 < last && network.layers[index + 1].pruned > 0
      let full = moments(layer.rows, slope, 1, single: !needsBlocks)
      var logPrunedNorms: [Double] = []
      if layer.pruned > 0 {
        let key = PairKey(
          rows: layer.rows, columns: index > 0 ? layer.columns : 0, slope: slope, share: share)
        logPrunedNorms =
          prunedNorms[key]
          ?? Self.logPrunedNorms(full, before: layers.last?.full, share: share)
        prunedNorms[key] = logPrunedNorms
      }
      layers.append(
        Layer(
          hypotheses: layer,
          logVariance: 2 * log(layer.amplitude) + log(layer.law.variance), full: full,
          kept: layer.pruned > 0 && layer.pruned < layer.size
            ? moments(layer.rows, slope, 1 - share, single: true) : nil,
          logPrunedNorms: logPrunedNorms,
          conditional: layer.method == .magnitude && layer.pruned > 0 && layer.pruned < layer.size
            ? Conditional(layer) : nil))
    }
    self.layers = layers
    guard let output = layers.last?.hypotheses else { return }
    if output.pruned == 0 {
      logTails = Self.orders.map {
        output.law == .gaussian
          ? ChiSquareMarkov.logSupremum(output.rows, $0)
          : ChiSquareMarkov.logMoment(output.rows, $0)
      }
    }
    if !layers.contains(where: \.isSpending) {
      let ratios = [Double](repeating: 0, count: layers.count)
      logErrors = Self.orders.indices.map { logNorms($0, logRatios: ratios)?.error.last }
    }
  }

  private struct RowKey: Hashable {
    let rows: Int
    let slope: Double
    let keepRate: Double
    let isSingle: Bool
  }

  private struct PairKey: Hashable {
    let rows: Int
    let columns: Int
    let slope: Double
    let share: Double
  }

  /// ln m_q^{1/q} by place of q: m the complete Bell polynomials of κ_r = p N(d_k, r, q/r) N(d_{k−1}, r, q/r), the
  /// sums over set partitions of step (d) of the proof.
  private static func logPrunedNorms(
    _ rows: RowMoments, before columns: RowMoments?, share: Double
  ) -> [Double] {
    orders.map { q in
      let logCumulants = (1...q).map { r in
        let t = Double(q) / Double(r)
        return log(share) + rows.logNorm(r, t) + (columns?.logNorm(r, t) ?? 0)
      }
      return logBell(logCumulants) / Double(q)
    }
  }

  /// ln m_n, m_n = Σ_{j=1}^n C(n−1, j−1) κ_j m_{n−j}, m_0 = 1, n the number of κ's.
  ///
  /// μ_n = m_n/n! obeys n μ_n = Σ_j κ_j/(j−1)! μ_{n−j}; a power of the largest (κ_j/(j−1)!)^{1/j} is
  /// taken out, so that all are of moderate size, and all terms are non-negative.
  static func logBell(_ logCumulants: [Double]) -> Double {
    let logs = logCumulants.enumerated().map { $1 - RowMoments.logFactorial($0) }
    let scale = logs.enumerated().map { $1 / Double($0 + 1) }.max() ?? 0
    let terms = logs.enumerated().map { exp($1 - Double($0 + 1) * scale) }
    var μ = [1.0]
    for n in 1...logs.count {
      var sum = 0.0
      for j in 1...n { sum += terms[j - 1] * μ[n - j] }
      μ.append(sum / Double(n))
    }
    let n = logs.count
    return log(μ[n]) + Double(n) * scale + RowMoments.logFactorial(n)
  }

  /// The smallest bound over the orders, at failure probability δ.
  func bound(logDelta: Double) -> SharpPointBound {
    guard layers.contains(where: \.isPruned) else { return SharpPointBound(value: 0, order: nil) }
    let spent = Double(layers.count(where: \.isSpending)) / 100
    // From 100 such layers on nothing is left to spend: there is no bound.
    guard spent < 1 else { return SharpPointBound(value: .infinity, order: nil) }
    let logRest = logDelta + log1p(-spent)
    let logRatios = logErrors == nil ? logRatios(logDelta) : []
    var best = SharpPointBound(value: .infinity, order: nil)
    for (place, q) in Self.orders.enumerated() {
      let logError =
        logErrors.map { $0[place] } ?? logNorms(place, logRatios: logRatios)?.error.last
      guard let logError else { continue }
      let square =
        logTails.isEmpty
        ? logError - logRest / Double(q)
        : (layers.last?.logVariance ?? 0) + logError + (logTails[place] - logRest) / Double(q)
      let value = pow(network.lipschitz, Double(layers.count - 1)) * exp(square / 2)
      if value < best.value { best = SharpPointBound(value: value, order: q) }
    }
    return best
  }

  /// Magnitude pruning: the variances of kept and pruned entries given the threshold.
  private struct Conditional {
    private let layer: LayerHypotheses
    /// ln ω by place of q: ‖v_>/τ‖_q ≤ ‖1/(1 − U)‖_q, finite for q < D − m; nil beyond.
    let logKept: [Double?]
    /// ln ‖U²‖_q by place of q.
    let logSquares: [Double]

    init(_ layer: LayerHypotheses) {
      self.layer = layer
      let (size, kept) = (layer.size, layer.size - layer.pruned)
      let order = orders.last ?? 1
      // The sums of the first terms, added from the first to the last.
      var keptSums = [0.0]
      for j in 1...order where j < kept {
        keptSums.append(keptSums[j - 1] + log(Double(size + 1 - j) / Double(kept - j)))
      }
      var squareSums = [0.0]
      for j in 0..<2 * order {
        squareSums.append(
          squareSums[j] + log(Double(layer.pruned + 1 + j) / Double(layer.size + 1 + j)))
      }
      logKept = orders.map { $0 < keptSums.count ? keptSums[$0] / Double($0) : nil }
      logSquares = orders.map { squareSums[2 * $0] / Double($0) }
    }

    /// ln ρ: v_< ≤ τ ρ U² with U = G(T).
    func logRatio(_ logDelta: Double) -> Double {
      guard layer.law == .gaussian else { return 0 }
      // V(u)/u² grows with u, so that an upper quantile of U bounds it.
      let u = BetaLaw.upperQuantile(
        Double(layer.pruned) + 1, Double(layer.size - layer.pruned), logEta: logDelta - log(100))
      let z = NormalLaw.twoSidedQuantile(u)
      return log(NormalLaw.varianceShare(below: z)) - 3 * u.logValue
    }
  }

  /// ln ρ by layer; 0 where it is not needed.
  private func logRatios(_ logDelta: Double) -> [Double] {
    layers.map { $0.conditional?.logRatio(logDelta) ?? 0 }
  }

  /// ln η_k and ln e_k, bounds of ‖H_k‖_q and ‖E_k‖_q, k = 0, 1, …: up to layer l if it is pruned, else
  /// up to l − 1; nil where there is no such moment.
  ///
  /// - Parameter q: one of `SharpPointBound.orders`.
  func logNorms(_ q: Int, logDelta: Double) -> (signal: [Double], error: [Double])? {
    Self.orders.firstIndex(of: q).flatMap { logNorms($0, logRatios: logRatios(logDelta)) }
  }

  private func logNorms(
    _ place: Int, logRatios: [Double]
  ) -> (signal: [Double], error: [Double])? {
    var (signal, error) = ([0.0], [-Double.infinity])
    let t = Double(Self.orders[place])
    for (index, layer) in layers.enumerated() where index + 1 < layers.count || layer.isPruned {
      let growth = layer.logVariance + layer.full.logNorm(1, t)
      signal.append(signal[index] + growth)
      guard layer.isPruned else {
        error.append(error[index] + growth)
        continue
      }
      var (kept, pruned) = (0.0, 0.0)
      if let conditional = layer.conditional {
        guard let logKept = conditional.logKept[place] else { return nil }
        (kept, pruned) = (logKept, logRatios[index] + conditional.logSquares[place])
      }
      let carried = layer.kept.map { layer.logVariance + kept + $0.logNorm(1, t) + error[index] }
      let input = index > 0 ? layers[index - 1].logVariance + signal[index - 1] : 0
      let arisen = layer.logVariance + pruned + input + layer.logPrunedNorms[place]
      error.append(Self.logSum(carried ?? -.infinity, arisen))
    }
    return (signal, error)
  }

  private static func logSum(_ a: Double, _ b: Double) -> Double {
    let (low, high) = (min(a, b), max(a, b))
    return low == -.infinity ? high : high + log1p(exp(low - high))
  }
}
