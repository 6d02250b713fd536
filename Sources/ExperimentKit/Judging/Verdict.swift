import PruningBounds

/// What a simulation says of a bound; article "How a bound is judged" of PruningBounds.
public enum Verdict: String, Sendable, CaseIterable {
  /// The violation rate is above δ: the bound is false.
  case violated
  /// The supremum itself is under the bound often enough.
  case certified
  /// The measured errors are under the bound often enough; for the ball bound that means not
  /// refuted by the inputs sampled.
  case holds
  /// Too few trials to tell.
  case undecided
  /// The theorem says nothing of this cell: numbers are shown, nothing is judged.
  case outsideHypotheses = "outside hypotheses"
}

/// Tests every judged (cell, bound) pair, with Holm's procedure at level λ in each of three families:
/// rate above δ (`violated`), certificates above the bound at a rate of at most δ (`certified`), and
/// errors above it at a rate of at most δ (`holds`). Per family, the probability of any false
/// verdict is at most λ.
struct Judge {
  let level: Double

  /// Whether an error is above a bound; some laws attain a bound exactly, hence the slack.
  static func exceeds(_ value: Double, bound: Double) -> Bool { value > bound * (1 + 1e-4) }

  func judge(_ summaries: inout [CellSummary]) {
    var pairs: [(cell: Int, bound: String)] = []
    for (index, summary) in summaries.enumerated() where summary.cell.satisfiesHypotheses {
      for name in summary.cell.kind.bounds where summary.bounds[name] != nil {
        pairs.append((index, name))
      }
    }
    let samples = pairs.map { pair in
      let summary = summaries[pair.cell]
      let bound = summary.bounds[pair.bound]
      return Sample(
        trials: summary.trials, violations: bound?.violations ?? 0,
        certificateViolations: bound?.certificateViolations,
        failed: summary.failed, delta: summary.cell.delta)
    }
    let (verdicts, nextLevel) = verdicts(samples)
    for (place, pair) in pairs.enumerated() {
      summaries[pair.cell].bounds[pair.bound]?.verdict = verdicts[place]
      if verdicts[place] == .undecided {
        summaries[pair.cell].bounds[pair.bound]?.trialsNeeded =
          samples[place].trialsNeeded(level: nextLevel)
      }
    }
  }

  /// The verdicts of samples that are judged together, and the level at which the next would hold.
  func verdicts(_ samples: [Sample]) -> (verdicts: [Verdict], nextLevel: Double) {
    let certifiable = samples.indices.filter { samples[$0].certificateViolations != nil }
    let violated = Holm(pValues: samples.map(\.violatedPValue), level: level)
    let certified = Holm(
      pValues: certifiable.compactMap { samples[$0].certifiedPValue }, level: level)
    let holds = Holm(pValues: samples.map(\.holdsPValue), level: level)
    let isCertified = Dictionary(uniqueKeysWithValues: zip(certifiable, certified.rejected))
    let verdicts = samples.indices.map { place -> Verdict in
      violated.rejected[place]
        ? .violated
        : isCertified[place] == true ? .certified : holds.rejected[place] ? .holds : .undecided
    }
    return (verdicts, holds.nextLevel)
  }
}

/// The outcome of a pair's trials.
struct Sample {
  let trials: Int
  let violations: Int
  var certificateViolations: Int?
  let failed: Int
  let delta: Double

  /// P(Bin(n, δ) ≥ x), under the null of a rate of at most δ; a failed trial is no violation.
  var violatedPValue: Double {
    BinomialLaw.upperTail(violations, trials: trials, probability: delta)
  }

  /// P(Bin(n, δ) ≤ x), under the null of a rate above δ; a failed trial is a violation.
  var holdsPValue: Double { holdsPValue(trials: trials) }

  /// The same of the certificates; they cannot fail with a probability of their own.
  var certifiedPValue: Double? {
    certificateViolations.map {
      BinomialLaw.lowerTail($0 + failed, trials: trials, probability: delta)
    }
  }

  private func holdsPValue(trials: Int) -> Double {
    BinomialLaw.lowerTail(violations + failed, trials: trials, probability: delta)
  }

  /// The further trials after which `holds` would be decided at this level, were none of them a
  /// violation.
  func trialsNeeded(level: Double) -> Int? {
    var (low, high) = (trials, trials + 1)
    while holdsPValue(trials: high) > level {
      guard high < 1 << 40 else { return nil }
      (low, high) = (high, 2 * high)
    }
    while high - low > 1 {
      let middle = (low + high) / 2
      if holdsPValue(trials: middle) > level { low = middle } else { high = middle }
    }
    return high - trials
  }
}
