import Foundation

/// The experiment with further values between those of the swept axis, for the theory's curves.
extension Configuration {
  /// The number of steps that the axis is divided into, more or less.
  private static let steps = 32
  /// A cell's theory takes about a millisecond: where there would be more cells, the curves have those of
  /// the experiment alone.
  private static let mostCells = 4096

  /// The configuration whose cells are those of this one and more between them; itself where nothing
  /// lies between, as between names.
  public var refined: Configuration {
    guard let key = axisKey, let grid = document["grid"] else { return self }
    var object = document
    switch grid {
    case .object(let axes): object["grid"] = .object(Self.refined(axes, key))
    case .array(let grids):
      object["grid"] = .array(
        grids.map {
          if case .object(let axes) = $0 { .object(Self.refined(axes, key)) } else { $0 }
        })
    default: return self
    }
    // Some parameters take certain values only: then there is nothing between.
    let refined = try? Configuration(JSONValue.object(object), overrides: Overrides())
    return refined.flatMap { $0.cells.count <= Self.mostCells ? $0 : nil } ?? self
  }

  private static func refined(_ axes: JSONObject, _ key: String) -> JSONObject {
    guard case .array(let values)? = axes[key], values.count > 1 else { return axes }
    let parts = (steps + values.count - 2) / (values.count - 1)
    var result: [JSONValue] = []
    for (low, high) in zip(values, values.dropFirst()) {
      result.append(low)
      for part in 1..<max(parts, 1) {
        guard let value = low.between(high, at: Double(part) / Double(parts)) else { return axes }
        result.append(value)
      }
    }
    result.append(values[values.count - 1])
    var seen: Set<String> = []
    var refined = axes
    // What was written stays; of the others, what rounding made equal to something is left out.
    let written = Set(values.map(\.canonical))
    refined[key] = .array(
      result.enumerated().filter { place, value in
        place % parts == 0 || !written.contains(value.canonical)
      }.map(\.element).filter { seen.insert($0.canonical).inserted })
    return refined
  }
}

extension JSONValue {
  /// A number between two numbers, or a list of such: at equal distances of the logarithms if both are
  /// positive; whole between whole numbers.
  fileprivate func between(_ other: JSONValue, at share: Double) -> JSONValue? {
    switch (self, other) {
    case (.number(let a), .number(let b)):
      let (x, y) = (a.double, b.double)
      let value = x > 0 && y > 0 ? x * pow(y / x, share) : x + (y - x) * share
      if case .natural = a, case .natural = b { return .number(JSONNumber(value.rounded())) }
      return .number(JSONNumber(value))
    case (.array(let a), .array(let b)) where a.count == b.count:
      let values = zip(a, b).compactMap { $0.between($1, at: share) }
      return values.count == a.count ? .array(values) : nil
    default: return nil
    }
  }
}
