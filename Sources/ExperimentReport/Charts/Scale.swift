import Foundation

/// Where values of an axis stand, and which of them are labelled.
struct Scale {
  /// A labelled value.
  struct Tick {
    let value: Double
    let label: String
  }

  private let low: Double
  private let high: Double
  private let isLogarithmic: Bool
  /// The labelled values, in order.
  let ticks: [Tick]
  /// Whether there is nothing between the labelled values.
  private(set) var isOfNames = false

  /// A logarithmic axis over values, with some room around them.
  ///
  /// - Parameter values: above 0; at least one.
  static func logarithmic(_ values: [Double]) -> Scale {
    let (least, most) = (values.min() ?? 1, values.max() ?? 1)
    let room = max(exp(0.06 * (log(most) - log(least))), 1.1)
    let low = max(least / room, .leastNormalMagnitude)
    let high = min(most * room, .greatestFiniteMagnitude)
    let first = Int(log10(low).rounded(.up))
    let last = Int(log10(high).rounded(.down))
    var values: [Double] = []
    if last - first >= 2 {
      let step = max(1, (last - first + 5) / 6)
      values = stride(from: first, through: last, by: step).map { Self.power($0) }
    } else if high / low > 8 {
      for decade in first - 1...max(first, last) + 1 {
        values += [1, 2, 5].map { $0 * Self.power(decade) }
      }
      values = values.filter { (low...high).contains($0) }
    } else {
      let step = niceStep((high - low) / 4)
      let multiples = Int((low / step).rounded(.up))...Int((high / step).rounded(.down))
      // Through text, so that 3 · 0.1 is 0.3.
      values = multiples.map { Double(String(format: "%.10g", Double($0) * step)) ?? 0 }
    }
    return Scale(
      low: low, high: high, isLogarithmic: true,
      ticks: values.map { Tick(value: $0, label: label($0)) })
  }

  /// An axis whose labelled values are the given ones.
  ///
  /// - Parameters:
  ///   - places: in increasing order, at least one.
  ///   - isLogarithmic: only if all are above 0.
  static func at(_ places: [Tick], isLogarithmic: Bool) -> Scale {
    let (first, last) = (places[0].value, places[places.count - 1].value)
    if isLogarithmic {
      let room = max(pow(last / first, 0.06), 1.1)
      return Scale(low: first / room, high: last * room, isLogarithmic: true, ticks: places)
    }
    let room = max((last - first) * 0.06, last == first ? 1 : 0)
    return Scale(low: first - room, high: last + room, isLogarithmic: false, ticks: places)
  }

  /// The smallest of 1, 2, 5 times a power of ten that is not below a length.
  private static func niceStep(_ length: Double) -> Double {
    let decade = power(Int(log10(length).rounded(.down)))
    return ([1, 2, 5].first { $0 * decade >= length } ?? 10) * decade
  }

  /// An axis of names, in the middle of stretches of the same length.
  static func names(_ names: [String]) -> Scale {
    Scale(
      low: -0.5, high: Double(names.count) - 0.5, isLogarithmic: false,
      ticks: names.enumerated().map { Tick(value: Double($0), label: $1) }, isOfNames: true)
  }

  private static func power(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? 1 }

  /// The share of the axis below a value.
  func position(_ value: Double) -> Double {
    isLogarithmic ? (log(value) - log(low)) / (log(high) - log(low)) : (value - low) / (high - low)
  }

  /// A number as an axis shows it: powers of ten beyond the readable ones.
  static func label(_ value: Double) -> String {
    if value == 0 { return "0" }
    // A power of ten whose logarithm is a hair below is still that power.
    let exponent = Int((log10(abs(value)) + 1e-12).rounded(.down))
    if (-3...4).contains(exponent) { return String(format: "%g", value) }
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    let superscript = String(abs(exponent)).map { digits[$0.wholeNumberValue ?? 0] }
    let mantissa = value / power(exponent)
    let lead = abs(mantissa - 1) < 1e-9 ? "" : String(format: "%g·", mantissa)
    return lead + "10" + (exponent < 0 ? "⁻" : "") + String(superscript)
  }
}
