import ExperimentKit
import Foundation

/// One figure of an experiment: a chart for each group of cells, and what they show.
struct Figure {
  /// The start of its files' names.
  let name: String
  /// What is drawn.
  let caption: String
  /// One for each combination of the parameters that are not on the axis.
  let charts: [Chart]
}

/// The figures of an experiment, from its summary alone.
struct Figures {
  private let configuration: Configuration
  private let summary: CSVTable
  private let scaling: CSVTable?
  private let axis: SweptAxis

  init(_ configuration: Configuration, summary: CSVTable, scaling: CSVTable?) {
    (self.configuration, self.summary, self.scaling) = (configuration, summary, scaling)
    axis = SweptAxis(configuration)
  }

  /// What is measured and bounded, quantity by quantity; then how far the bounds are from it.
  var all: [Figure] { subjects.compactMap(errors) + [tightness].compactMap { $0 } }

  /// Bounds of the same thing.
  private struct Subject {
    let name: String
    let bounds: [String]
    let estimates: [Quantity]
    let certificate: Quantity?
  }

  private var kind: ExperimentKind { configuration.kind }

  /// Bounds grouped by what they are bounds of.
  private var subjects: [Subject] {
    var subjects: [Subject] = []
    for bound in kind.bounds where has(bound + "_bound") {
      let estimates = kind.estimates(of: bound)
      if let place = subjects.firstIndex(where: { $0.estimates == estimates }) {
        let old = subjects[place]
        subjects[place] = Subject(
          name: old.name, bounds: old.bounds + [bound], estimates: estimates,
          certificate: old.certificate)
      } else {
        subjects.append(
          Subject(
            name: bound, bounds: [bound], estimates: estimates,
            certificate: kind.certificate(of: bound)))
      }
    }
    return subjects
  }

  private func number(_ cell: Int, _ column: String) -> Double? {
    summary.records[cell][column].flatMap { Double($0) }
  }

  private func has(_ column: String) -> Bool {
    summary.records.indices.contains { number($0, column) != nil }
  }

  private func series(
    _ name: String, _ role: Chart.Series.Role, _ style: Int, _ cells: [Int], _ column: String,
    interval: String? = nil
  ) -> Chart.Series {
    Chart.Series(
      name: name, role: role, style: style,
      points: cells.compactMap { cell in
        number(cell, column).map { value in
          Chart.Point(
            x: axis.value(ofCell: cell), y: value,
            low: interval.flatMap { number(cell, $0 + "_low") },
            high: interval.flatMap { number(cell, $0 + "_high") })
        }
      }.sorted { $0.x < $1.x })
  }

  private static func style(_ quantity: Quantity) -> Int {
    switch quantity {
    case .ballLower: 1
    case .certificate, .prunedNormUpper: 2
    default: 0
    }
  }

  /// Bounds of the same thing have different styles, and none of what is measured beside them; so have
  /// all of a network together.
  private func style(ofBound name: String) -> Int {
    switch name {
    case "ball": 3
    case "net_ball": 4
    case "refined_ball": 5
    case "point": 1
    case "sharp_point": 2
    case "refined_point": 6
    default:
      3 + ((subjects.first { $0.bounds.contains(name) }?.bounds.firstIndex(of: name)) ?? 0)
    }
  }

  private static func words(_ quantity: Quantity) -> String {
    switch quantity {
    case .pointError: "error at one input"
    case .maxError: "largest over the inputs"
    case .ballLower: "largest found by ascent"
    case .certificate: "certificate"
    case .prunedNormUpper: "certificate"
    default: "measured " + quantity.rawValue.replacing("_", with: " ")
    }
  }

  private func errors(_ subject: Subject) -> Figure? {
    let measured = Quantity.allCases.filter {
      (subject.estimates.contains($0) || subject.certificate == $0)
        && has($0.rawValue + "_quantile")
    }
    guard !measured.isEmpty else { return nil }
    let isPoint = subject.estimates == [.pointError]
    let isBall = subject.estimates.contains(.maxError)
    let title =
      isBall
      ? "Largest error over the ball"
      : isPoint
        ? "Error at one input" : subject.estimates[0].rawValue.replacing("_", with: " ")
    let charts = axis.groups.map { group -> Chart in
      var list = measured.map {
        let column = $0.rawValue + "_quantile"
        return series(
          Self.words($0), .measured, Self.style($0), group.cells, column, interval: column)
      }
      list += subject.bounds.map {
        series(
          $0 + " bound", .bound, style(ofBound: $0), group.cells,
          $0 + "_bound")
      }
      if isPoint {
        list.append(series("root mean square", .measured, 4, group.cells, "rms_error"))
        list.append(
          series("mean-field prediction of it", .reference, 0, group.cells, "mean_field_rms"))
      }
      if isBall { list += paperForm(group.cells) }
      return Chart(
        title: title, subtitle: group.title, xLabel: axis.label,
        yLabel: isPoint || isBall ? "error" : title, xScale: axis.scale, series: list)
    }.filter { !$0.isEmpty }
    let level = String(format: "%g%%", (1 - configuration.level) * 100)
    var caption =
      "Marks with bars: the (1 − δ)-quantile over the trials with its \(level) interval. "
      + "Lines: bounds that hold with probability at least 1 − δ."
    let hasReference = charts.contains { chart in
      chart.series.contains { $0.role == .reference && $0.points.contains(where: Chart.isDrawable) }
    }
    if isBall {
      caption +=
        " What is measured at inputs is a lower estimate of the largest error over the ball"
        + (measured.contains(.certificate)
          ? "; the certificate is an upper bound of it, network by network." : ".")
      if hasReference {
        caption += " Dotted: C₂ d^(−α), the paper's form, with the smallest C₂ that is above."
      }
    } else if isPoint && hasReference {
      caption += " Dotted: the mean-field prediction of the root mean square, not a bound."
    }
    return Figure(name: subject.name, caption: caption, charts: charts)
  }

  /// C₂ d^(−α) through the sampled maximum, where the width is swept.
  private func paperForm(_ cells: [Int]) -> [Chart.Series] {
    guard axis.label == "width d", let scaling else { return [] }
    let record = scaling.records.first { record in
      record["quantity"] == "max_error_quantile"
        && ["method", "alpha", "law", "degrees_of_freedom", "scale", "activation", "delta"]
          .allSatisfy { record[$0] == summary.records[cells[0]][$0] }
    }
    guard let record, let constant = record["paper_constant"].flatMap({ Double($0) }),
      let alpha = record["alpha"].flatMap({ Double($0) })
    else { return [] }
    let points = cells.map { axis.value(ofCell: $0) }.sorted().map {
      Chart.Point(x: $0, y: constant * pow($0, -alpha))
    }
    return [
      Chart.Series(name: "paper's form C₂ d^(−α)", role: .reference, style: 0, points: points)
    ]
  }

  private var tightness: Figure? {
    let bounds = kind.bounds.filter { has($0 + "_tightness") }
    guard !bounds.isEmpty else { return nil }
    return Figure(
      name: "tightness",
      caption:
        "Bound over measured quantile: how many times larger a bound is than what was measured. "
        + "Below 1 a bound would be false.",
      charts: axis.groups.map { group in
        Chart(
          title: "Tightness", subtitle: group.title, xLabel: axis.label,
          yLabel: "bound / measured", xScale: axis.scale,
          series: bounds.map {
            series($0, .bound, style(ofBound: $0), group.cells, $0 + "_tightness")
          })
      }.filter { !$0.isEmpty })
  }
}
