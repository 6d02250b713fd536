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

/// The figures of an experiment, from the tables in its results folder alone.
struct Figures {
  private let configuration: Configuration
  private let tables: ResultTables
  private let axis: SweptAxis
  /// The axis of the cells of `curves.csv`.
  private let curveAxis: SweptAxis

  init(_ configuration: Configuration, _ tables: ResultTables) {
    (self.configuration, self.tables) = (configuration, tables)
    axis = SweptAxis(configuration)
    curveAxis = SweptAxis(configuration.refined)
  }

  /// What is measured and bounded, quantity by quantity; how far the bounds are from it; and its law.
  var all: [Figure] {
    let subjects = FigureSubject.all(configuration.kind) { has($0 + "_bound") }
    let survival = tables.survival.flatMap {
      SurvivalFigure(configuration, axis: axis, summary: tables.summary, survival: $0)
        .figure(subjects)
    }
    return subjects.compactMap(errors) + [tightness(subjects), survival].compactMap { $0 }
  }

  private func number(_ cell: Int, _ column: String) -> Double? {
    tables.summary.records[cell][column].flatMap { Double($0) }
  }

  private func has(_ column: String) -> Bool {
    tables.summary.records.indices.contains { number($0, column) != nil }
  }

  private func series(
    _ name: String, _ role: Chart.Series.Role, _ style: Int, _ group: SweptAxis.Group,
    _ column: String, interval: String? = nil
  ) -> Chart.Series {
    Chart.Series(
      name: name, role: role, style: style,
      points: group.cells.compactMap { cell in
        number(cell, column).map { value in
          Chart.Point(
            x: axis.value(ofCell: cell), y: value,
            low: interval.flatMap { number(cell, $0 + "_low") },
            high: interval.flatMap { number(cell, $0 + "_high") })
        }
      }.sorted { $0.x < $1.x }, curve: curve(group, column))
  }

  /// The cells of `curves.csv` that belong to a group.
  private func curveCells(_ group: SweptAxis.Group) -> [Int] {
    curveAxis.groups.first { $0.title == group.title }?.cells ?? []
  }

  /// A column of `curves.csv`, between the cells of a group.
  private func curve(_ group: SweptAxis.Group, _ column: String) -> [Chart.Point] {
    guard let curves = tables.curves else { return [] }
    return curveCells(group).compactMap { cell in
      curves.records.indices.contains(cell)
        ? curves.records[cell][column].flatMap { Double($0) }.map {
          Chart.Point(x: curveAxis.value(ofCell: cell), y: $0)
        } : nil
    }.sorted { $0.x < $1.x }
  }

  private func errors(_ subject: FigureSubject) -> Figure? {
    let measured = subject.measured { has($0.rawValue + "_quantile") }
    guard !measured.isEmpty else { return nil }
    let charts = axis.groups.map { group -> Chart in
      var list = measured.map {
        let column = $0.rawValue + "_quantile"
        return series($0.words, .measured, $0.style, group, column, interval: column)
      }
      list += subject.bounds.map {
        series($0 + " bound", .bound, subject.style(ofBound: $0), group, $0 + "_bound")
      }
      if subject.isPoint {
        list.append(series("root mean square", .measured, 4, group, "rms_error"))
        list.append(
          series("mean-field prediction of it", .reference, 0, group, "mean_field_rms"))
      }
      if subject.isBall { list += paperForm(group) }
      return Chart(
        title: subject.title, subtitle: group.title, xLabel: axis.label,
        yLabel: subject.axisTitle, xScale: axis.scale, series: list)
    }.filter { !$0.isEmpty }
    return Figure(
      name: subject.name, caption: caption(subject, measured, charts), charts: charts)
  }

  private func caption(
    _ subject: FigureSubject, _ measured: [Quantity], _ charts: [Chart]
  ) -> String {
    let level = String(format: "%g%%", (1 - configuration.level) * 100)
    var caption =
      "Marks with bars: the (1 − δ)-quantile over the trials with its \(level) interval. "
      + (axis.scale.isOfNames ? "Other marks" : "Lines")
      + ": bounds that hold with probability at least 1 − δ."
    let hasReference = charts.contains { chart in
      chart.series.contains { $0.role == .reference && $0.points.contains(where: Chart.isDrawable) }
    }
    if subject.isBall {
      caption +=
        " What is measured at inputs is a lower estimate of the largest error over the ball"
        + (measured.contains(.certificate)
          ? "; the certificate is an upper bound of it, network by network." : ".")
      if hasReference {
        caption += " Dotted: C₂ d^(−α), the paper's form, with the smallest C₂ that is above."
      }
    } else if subject.isPoint && hasReference {
      caption += " Dotted: the mean-field prediction of the root mean square, not a bound."
    }
    return caption
  }

  /// C₂ d^(−α) through the sampled maximum, where the width is swept.
  private func paperForm(_ group: SweptAxis.Group) -> [Chart.Series] {
    guard axis.label == "width d", let scaling = tables.scaling else { return [] }
    let record = scaling.records.first { record in
      record["quantity"] == "max_error_quantile"
        && ["method", "alpha", "law", "degrees_of_freedom", "scale", "activation", "delta"]
          .allSatisfy { record[$0] == tables.summary.records[group.cells[0]][$0] }
    }
    guard let record, let constant = record["paper_constant"].flatMap({ Double($0) }),
      let alpha = record["alpha"].flatMap({ Double($0) })
    else { return [] }
    let places =
      group.cells.map { axis.value(ofCell: $0) }
      + curveCells(group).map { curveAxis.value(ofCell: $0) }
    let points = Set(places).sorted().map { Chart.Point(x: $0, y: constant * pow($0, -alpha)) }
    return [
      Chart.Series(name: "paper's form C₂ d^(−α)", role: .reference, style: 0, points: points)
    ]
  }

  private func tightness(_ subjects: [FigureSubject]) -> Figure? {
    let charts = axis.groups.map { group in
      Chart(
        title: "Tightness", subtitle: group.title, xLabel: axis.label,
        yLabel: "bound / measured", xScale: axis.scale,
        series: subjects.flatMap { subject in
          subject.bounds.filter { has($0 + "_tightness") }.map {
            series($0, .bound, subject.style(ofBound: $0), group, $0 + "_tightness")
          }
        })
    }.filter { !$0.isEmpty }
    guard !charts.isEmpty else { return nil }
    return Figure(
      name: "tightness",
      caption:
        "Bound over measured quantile: how many times larger a bound is than what was measured. "
        + "Below 1 a bound would be false.",
      charts: charts)
  }
}
