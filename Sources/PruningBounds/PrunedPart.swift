import Foundation

/// The rows of the table of bounds of ‖Δ_k‖ (<doc:RandomPruning>), by the names in reports.
public enum PrunedPartBoundName: String, Sendable, CaseIterable {
  /// s(√R + √C + √(2 ln(1/η))): domination by a full gaussian matrix.
  case gaussianComparison
  /// Tropp's matrix series bound of the dominating gaussian series.
  case gaussianSeries
  /// Tropp's matrix series bound with the entries' own variance; bounded laws.
  case matrixSeries
  /// ‖X‖² ≤ (largest row sum of |X|)(largest column sum of |X|); bounded laws.
  case schur
  /// The Frobenius norm.
  case frobenius
  /// Magnitude pruning: gaussian comparison without conditioning on the threshold.
  case unconditional
  /// Convolutions: a gaussian kernel as one matrix, c_out × c_in q² or c_out q² × c_in.
  case reshape
  /// Convolutions: a gaussian kernel's Fourier transform, frequency by frequency.
  case frequency
  /// (2′), comparison with a gaussian matrix of the entries' own variance; ours.
  case varianceComparison
  /// (4′), Tropp's matrix series bound of a gaussian series of the entries' own variance; ours.
  case varianceSeries
  /// Magnitude pruning: (2′) without conditioning on the threshold; ours.
  case unconditionalVariance
}

/// A bound and the row of the table it comes from.
public struct NamedBound: Sendable, Hashable {
  /// The row.
  public let name: PrunedPartBoundName
  /// The bound of ‖Δ_k‖.
  public let value: Double
}

extension LayerHypotheses {
  /// Every row of <doc:RandomPruning> that applies to ‖Δ_k‖, each valid with probability at least
  /// 1 − η; none where nothing is pruned.
  ///
  /// - Parameter logEta: ln η, η in (0, 1).
  public func prunedPartBounds(logEta: Double) -> [NamedBound] {
    guard pruned > 0 else { return [] }
    if method == .random || pruned == size {
      let entries = PrunedEntries(
        self, amplitude: amplitude, deviation: deviation, moments: law.boundedMoments)
      // A mask does not make a gaussian kernel larger: the full layer's bounds hold as well.
      return (kernel == nil ? [] : fullNormBounds(logEta: logEta)) + entries.bounds(logEta: logEta)
    }
    // Given the threshold T the pruned entries are independent, symmetric, unimodal on [−T, T],
    // hence dominated by U[−T, T]; T exceeds t with probability at most η/4. That is for a continuous
    // law: drawn weights have 32 bits and tie now and then, an approximation.
    let t = threshold(logEta: logEta - log(4))
    let entries = PrunedEntries(
      self, amplitude: t, deviation: t * WeightLaw.uniformDomination, moments: .uniform)
    let unconditional =
      kernel == nil
      ? [NamedBound(name: .unconditional, value: normBound(logEta: logEta))]
      : fullNormBounds(logEta: logEta)
    return entries.bounds(logEta: logEta + log(0.75)) + unconditional
  }

  /// The rows that compare variances (<doc:SharpBounds>, better norms), likewise; none of a convolution.
  public func variancePrunedPartBounds(logEta: Double) -> [NamedBound] {
    guard pruned > 0 && kernel == nil else { return [] }
    if method == .random || pruned == size {
      return PrunedEntries(
        self, amplitude: amplitude, deviation: entryDeviation, moments: nil
      ).varianceBounds(logEta: logEta)
    }
    // A symmetric unimodal law on [−T, T] has at most the variance T²/3.
    let t = threshold(logEta: logEta - log(4))
    let entries = PrunedEntries(
      self, amplitude: t, deviation: t / 3.0.squareRoot(), moments: nil)
    return entries.varianceBounds(logEta: logEta + log(0.75))
      + (varianceNormBound(logEta: logEta).map {
        [NamedBound(name: .unconditionalVariance, value: $0)]
      } ?? [])
  }

  /// t = G⁻¹(b), b the upper η quantile of Beta(m + 1, D − m), the law of G(T), where T is the
  /// smallest kept magnitude and G the distribution function of |W|. For m < D.
  func threshold(logEta: Double) -> Double {
    let quantile = BetaLaw.upperQuantile(
      Double(pruned) + 1, Double(size - pruned), logEta: logEta)
    switch law {
    case .uniform: return amplitude * quantile.value
    case .gaussian: return amplitude * NormalLaw.twoSidedQuantile(quantile)
    case .rademacher: preconditionFailure("magnitudes tie")
    }
  }

  /// min(m, n q⁺(p, n, η)): with probability at least 1 − η fewer pruned entries than that are in one
  /// line of n entries, or as many.
  func largestCount(inLine n: Int, logEta: Double) -> Double {
    PrunedEntries.largestCount(of: pruned, among: size, line: n, share: 1, logEta: logEta)
  }

  /// The bound of ‖Δ_k h‖/‖h‖ for a fixed h (<doc:PointBounds>): the smaller of (3) for the full
  /// layer and (3) for the pruned entries, at most c of them in a column; refined, of (3′) as well.
  /// Of a convolution (<doc:Convolutions>), c is the count in a column of blocks and the deviation q times as
  /// large.
  ///
  /// (3′) needs no more of the rows than Σ_i E(Δh)_i² ≤ cσ²‖h‖² and E(Δh)_i² ≤ σ²‖h‖².
  func prunedStretchBound(logEta: Double, refined: Bool = false) -> Double {
    guard pruned > 0 else { return 0 }
    let full = refined ? refinedStretchBound(logEta: logEta) : stretchBound(logEta: logEta)
    let conditional = method == .magnitude && pruned < size
    let parts = conditional ? 3.0 : 2.0
    let part = logEta - log(parts)
    let t = conditional ? threshold(logEta: part) : 0
    let s = conditional ? t * WeightLaw.uniformDomination : deviation
    let height = largestCount(inLine: columnLength, logEta: part - log(Double(columns)))
    let bound = min(full, s * (height.squareRoot() + Double(side) * (-2 * part).squareRoot()))
    guard refined && kernel == nil else { return bound }
    let σ = conditional ? t / 3.0.squareRoot() : entryDeviation
    return min(bound, VarianceComparison.stretch(deviation: σ, rows: height, logEta: part))
  }
}

/// m independent entries at uniformly random places of an R × C matrix, dominated by
/// N(0, deviation²) and, where `moments` are given, bounded by `amplitude`.
private struct PrunedEntries {
  let layer: LayerHypotheses
  let amplitude: Double
  let deviation: Double
  let moments: BoundedMoments?

  init(
    _ layer: LayerHypotheses, amplitude: Double, deviation: Double, moments: BoundedMoments?
  ) {
    self.layer = layer
    self.amplitude = amplitude
    self.deviation = deviation
    self.moments = moments
  }

  /// min(m, n q⁺(pμ, n, η)): with probability at least 1 − η a line of n entries has a sum of
  /// [0, 1] terms of mean μ, on the m of D places pruned, below it.
  static func largestCount(
    of m: Int, among size: Int, line n: Int, share μ: Double, logEta: Double
  ) -> Double {
    let p = Double(m) / Double(size)
    return min(Double(m), Double(n) * TailOfSums.upperMean(p * μ, Double(n), logEta: logEta))
  }

  /// The largest row sum and the largest column sum of terms of mean μ, at η each.
  private func largestSums(share μ: Double, logEta: Double) -> (row: Double, column: Double) {
    (
      Self.largestCount(
        of: layer.pruned, among: layer.size, line: layer.rowLength, share: μ,
        logEta: logEta - log(Double(layer.rows))),
      Self.largestCount(
        of: layer.pruned, among: layer.size, line: layer.columnLength, share: μ,
        logEta: logEta - log(Double(layer.columns)))
    )
  }

  /// (2′) and (4′), with `deviation` the entries' own.
  func varianceBounds(logEta: Double) -> [NamedBound] {
    let third = logEta - log(3)
    let counts = largestSums(share: 1, logEta: third)
    let dimension = log(Double(layer.rows + layer.columns)) - third
    let comparison = VarianceComparison.norm(
      deviation: deviation, rows: layer.rows, columns: layer.columns, logEta: logEta)
    return (comparison.map { [NamedBound(name: .varianceComparison, value: $0)] } ?? []) + [
      NamedBound(
        name: .varianceSeries,
        value: deviation * (2 * max(counts.row, counts.column) * dimension).squareRoot())
    ]
  }

  func bounds(logEta: Double) -> [NamedBound] {
    let third = logEta - log(3)
    let frequencies = Double(layer.kernel?.frequencies ?? 1)
    let dimension = log(frequencies * Double(layer.rows + layer.columns)) - third
    // The patches of an image hold each of its entries at most q² times, so that a convolution is at most
    // q times the norm of its kernel as one matrix.
    let side = Double(layer.side)
    var bounds: [NamedBound] = []
    func add(_ name: PrunedPartBoundName, _ value: Double) {
      bounds.append(NamedBound(name: name, value: value))
    }
    if layer.kernel == nil {
      add(
        .gaussianComparison,
        GaussianComparison.norm(
          deviation: deviation, rows: layer.rows, columns: layer.columns, logEta: logEta))
    }
    let counts = largestSums(share: 1, logEta: third)
    add(.gaussianSeries, deviation * (2 * max(counts.row, counts.column) * dimension).squareRoot())
    if let moments {
      let squares = largestSums(share: moments.second, logEta: third)
      add(
        .matrixSeries, amplitude * (2 * max(squares.row, squares.column) * dimension).squareRoot())
      let sums = largestSums(share: moments.first, logEta: logEta - log(2))
      add(.schur, amplitude * (sums.row * sums.column).squareRoot())
      let mean = TailOfSums.upperMean(moments.second, Double(layer.pruned), logEta: logEta)
      add(.frobenius, side * amplitude * (Double(layer.pruned) * mean).squareRoot())
    } else {
      let square = GammaLaw.chiSquareUpperQuantile(
        degreesOfFreedom: Double(layer.pruned), logEta: logEta)
      add(.frobenius, side * deviation * square.squareRoot())
    }
    return bounds
  }
}
