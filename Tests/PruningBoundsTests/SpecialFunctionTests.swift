import Foundation
import Testing

@testable import PruningBounds

@Suite struct SpecialFunctionTests {
  /// `special_functions.csv` was computed with mpmath at 25 to 40 digits, from series and integrals
  /// that are not the ones used here.
  @Test func highPrecisionValues() throws {
    let table = try ReferenceTable("special_functions")
    #expect(table.rows.count == 69)
    for row in table.rows {
      let function = try row.text("function")
      let first = try row.number("first")
      let second = Double(try row.text("second")) ?? .nan
      let third = Double(try row.text("third")) ?? .nan
      var tolerance = 1e-11
      let value: Double
      switch function {
      case "beta_upper_quantile":
        value = BetaLaw.upperQuantile(first, second, logEta: log(third)).value
      case "beta_upper_complement":
        value = BetaLaw.upperQuantile(first, second, logEta: log(third)).complement
      case "chi_square_upper_quantile":
        value = GammaLaw.chiSquareUpperQuantile(degreesOfFreedom: first, logEta: log(third))
      case "normal_two_sided_quantile":
        // ln(b/(1 − b)) names both ends.
        value = NormalLaw.twoSidedQuantile(UnitPoint(logit: log(first) - log(second)))
      case "q_plus":
        value = TailOfSums.upperMean(first, second, logEta: log(third))
      case "gaussian_pruned_variance_share":
        value =
          LayerHypotheses(
            rows: 1, columns: Int(second), scale: 1, pruned: Int(first), law: .gaussian,
            method: .magnitude
          ).prunedVarianceShare
      case "binomial_lower_tail":
        value = BinomialLaw.lowerTail(Int(first), trials: Int(second), probability: third)
      case "binomial_upper_tail":
        value = BinomialLaw.upperTail(Int(first), trials: Int(second), probability: third)
      default:
        Issue.record("unknown function \(function)")
        continue
      }
      // 1e-10 is written with ten digits' worth of rounding in μ's own last place.
      if function == "q_plus" { tolerance = 1e-13 }
      #expect(relativeError(value, try row.number("value")) < tolerance, "\(row): \(value)")
    }
  }

  /// The largest layers the project promises: D = 10¹⁰.
  @Test(
    "Extreme arguments give finite, monotone values", arguments: [-1e-3, -1, -20, -690.8, -5e3])
  func extremes(logEta: Double) {
    for size in [1, 2, 10, 1e5, 1e10] as [Double] {
      for m in Set([1, min(2, size), size / 2, size - 1, size]) where m >= 1 && m == m.rounded() {
        let chi = GammaLaw.chiSquareUpperQuantile(degreesOfFreedom: m, logEta: logEta)
        #expect(chi.isFinite && chi > 0)
        #expect(GammaLaw.chiSquareUpperQuantile(degreesOfFreedom: m, logEta: logEta * 2) > chi)
        if m < size {
          let b = BetaLaw.upperQuantile(m + 1, size - m, logEta: logEta)
          #expect(b.value > 0 && b.value <= 1 && b.complement >= 0 && b.complement < 1)
          let deeper = BetaLaw.upperQuantile(m + 1, size - m, logEta: logEta * 1.1)
          #expect(deeper.logComplement < b.logComplement)
          let z = NormalLaw.twoSidedQuantile(b)
          #expect(z.isFinite && z > 0)
        }
        for μ in [1e-300, 1e-10, m / size] {
          let q = TailOfSums.upperMean(μ, size, logEta: logEta)
          #expect(q >= μ && q <= 1)
          #expect(TailOfSums.upperMean(μ, size, logEta: logEta * 2) >= q)
        }
      }
    }
  }

  @Test func divergenceDoesNotCancel() {
    // kl(μ + h‖μ) → h²/(2μ(1 − μ)); the next term is h/μ relative.
    for μ in [1e-6, 0.3, 0.9] {
      let h = 1e-9 * μ
      let limit = h * h / (2 * μ * (1 - μ))
      #expect(relativeError(TailOfSums.divergence(μ, excess: h), limit) < 1e-8)
    }
    #expect(Deviance.unit(-1) == 1)
    #expect(Deviance.unit(0) == 0)
    // The series and the formula meet.
    let (below, above) = (Deviance.unit(0.1.nextDown), Deviance.unit(0.1))
    #expect(relativeError(below, above) < 1e-14)
  }

  @Test("Gauss–Hermite rules integrate moments", arguments: [32, 64, 128, 256, 512])
  func gaussHermite(order: Int) {
    let rule = GaussHermite.order(order)
    #expect(rule.nodes.count == order && rule.nodes == rule.nodes.sorted())
    for (power, moment) in [(0, 1.0), (2, 1), (4, 3), (6, 15), (12, 10395), (20, 654_729_075)] {
      let sum = zip(rule.nodes, rule.weights).reduce(0) { $0 + pow($1.0, Double(power)) * $1.1 }
      #expect(relativeError(sum, moment) < 1e-12)
    }
  }

  @Test func normalTailIsContinuousWhereTheSeriesTakesOver() {
    let (z, step) = (30.0, 1e-9)
    let jump = NormalLaw.logUpperTail(z) - NormalLaw.logUpperTail(z - step)
    #expect(abs(jump + step * z) < 1e-10)
  }
}
