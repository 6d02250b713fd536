import PruningBounds

/// What one reading of a cell's trials gives: counts, sums, and how often each bound is exceeded.
struct CellTally {
  /// One quantity over the trials that measured it.
  struct Sample {
    let quantity: Quantity
    var sum = RunningSum()
    private var bounds: [(name: String, bound: Double, violations: Int)]

    init(_ quantity: Quantity, _ bounds: [String: Double]) {
      self.quantity = quantity
      self.bounds = bounds.map { ($0.key, $0.value, 0) }
    }

    mutating func observe(_ value: Double) {
      sum.observe(value)
      for place in bounds.indices where Judge.exceeds(value, bound: bounds[place].bound) {
        bounds[place].violations += 1
      }
    }

    /// The number of values above a bound.
    func violations(of name: String) -> Int { bounds.first { $0.name == name }?.violations ?? 0 }
  }

  /// All trials.
  private(set) var trials = 0
  /// Those that failed.
  private(set) var failed = 0
  /// Of the squared root-mean-square errors.
  private(set) var squares = RunningSum()
  private var samples: [Sample]

  init(_ cell: Cell, bounds: [String: Double]) {
    samples = cell.kind.quantities.map { quantity in
      Sample(
        quantity,
        bounds.filter { name, _ in
          cell.kind.estimates(of: name).contains(quantity)
            || cell.kind.certificate(of: name) == quantity
        })
    }
  }

  /// The sample of a quantity; nil if no trial measured it.
  subscript(_ quantity: Quantity) -> Sample? {
    samples.first { $0.quantity == quantity && $0.sum.count > 0 }
  }

  mutating func observe(_ record: TrialRecord) {
    trials += 1
    if record.isFailed { failed += 1 }
    for place in samples.indices {
      if let value = record.value(samples[place].quantity) { samples[place].observe(value) }
    }
    if let error = record.value(.rmsError) { squares.observe(error * error) }
  }
}

extension Sample {
  /// The trials of a tally against one of its bounds.
  init(_ tally: CellTally, _ cell: Cell, bound: String) {
    let estimate = cell.kind.estimates(of: bound).lazy.compactMap { tally[$0] }.first
    self.init(
      trials: tally.trials, violations: estimate?.violations(of: bound) ?? 0,
      certificateViolations: cell.kind.certificate(of: bound).flatMap {
        tally[$0]?.violations(of: bound)
      },
      failed: tally.failed, delta: cell.delta)
  }
}

/// A sum in the order of the values.
struct RunningSum {
  private(set) var count = 0
  private var sum = 0.0

  mutating func observe(_ value: Double) {
    count += 1
    sum += value
  }

  /// nan if there is no value.
  var mean: Double { sum / Double(count) }
}

/// The squared deviations from a mean that is known, in the order of the values.
struct SquaredDeviations {
  private let mean: Double
  private var count = 0
  private var sum = 0.0

  init(mean: Double) { self.mean = mean }

  mutating func observe(_ value: Double) {
    count += 1
    sum += (value - mean) * (value - mean)
  }

  /// The standard error of the mean; nil for a single value.
  var standardError: Double? {
    count > 1 ? (sum / Double(count - 1) / Double(count)).squareRoot() : nil
  }
}

/// What the further readings of a sample give: standard error, quantile and survival curve.
struct SampleSpread {
  let quantity: Quantity
  private let mean: Double
  private let level: Double
  private let ranks: QuantileRanks
  private let survival: SurvivalRanks
  private var deviations: SquaredDeviations
  private var order: OrderStatistics

  init(_ sample: CellTally.Sample, delta: Double, level: Double) {
    quantity = sample.quantity
    mean = sample.sum.mean
    deviations = SquaredDeviations(mean: mean)
    self.level = level
    ranks = QuantileRanks(trials: sample.sum.count, delta: delta, level: level)
    survival = SurvivalRanks(trials: sample.sum.count)
    order = OrderStatistics(
      ranks: survival.ranks + [ranks.value] + [ranks.low, ranks.high].compactMap { $0 })
  }

  mutating func observe(_ value: Double, pass: Int) {
    if pass == 0 { deviations.observe(value) }
    order.observe(value)
  }

  mutating func endPass() { order.endPass() }

  var summary: ErrorSummary {
    let values = order.values.dropFirst(survival.ranks.count)
    return ErrorSummary(
      mean: mean, standardError: deviations.standardError,
      quantile: QuantileEstimate(
        value: values[values.startIndex],
        low: ranks.low.map { _ in values[values.startIndex + 1] },
        high: ranks.high.map { _ in values[values.endIndex - 1] }),
      survival: survival.points(Array(order.values.prefix(survival.ranks.count)), level: level))
  }
}
