import ExperimentKit
import Foundation

/// How many trials are above which error, in the last cell of each group: the whole law of what is
/// measured, of which a verdict sees one point.
struct SurvivalFigure {
  private let configuration: Configuration
  private let summary: CSVTable
  private let axis: SweptAxis
  /// The points of each curve, by cell and quantity.
  private let curves: [Key: [Chart.Point]]

  private struct Key: Hashable {
    let cell: String
    let quantity: String
  }

  init(_ configuration: Configuration, axis: SweptAxis, summary: CSVTable, survival: CSVTable) {
    (self.configuration, self.axis, self.summary) = (configuration, axis, summary)
    var curves: [Key: [Chart.Point]] = [:]
    for record in survival.records {
      func number(_ name: String) -> Double? { record[name].flatMap { Double($0) } }
      guard let cell = record["cell"], let quantity = record["quantity"],
        let value = number("value"), value > 0, let share = number("survival")
      else { continue }
      curves[Key(cell: cell, quantity: quantity), default: []].append(
        Chart.Point(
          x: value, y: share, low: number("survival_low"), high: number("survival_high")))
    }
    self.curves = curves
  }

  /// The figure; nil if nothing was measured.
  func figure(_ subjects: [FigureSubject]) -> Figure? {
    // A matrix has so many quantities that one group must do.
    let groups = configuration.kind == .matrix ? axis.groups.suffix(1) : axis.groups[...]
    let charts = subjects.flatMap { subject in
      groups.compactMap { group in group.cells.last.flatMap { chart(subject, group.title, $0) } }
    }
    guard !charts.isEmpty else { return nil }
    let level = String(format: "%g%%", (1 - configuration.level) * 100)
    return Figure(
      name: "survival",
      caption:
        "The share of trials above a value ε, in the cell that is named. Shaded: a band that the "
        + " whole true curve lies in with probability \(level). Each mark is a bound at its δ; the "
        + "bound is true if the true curve passes below the mark.",
      charts: charts)
  }

  private func chart(_ subject: FigureSubject, _ group: String, _ cell: Int) -> Chart? {
    let key = { Key(cell: String(cell), quantity: $0) }
    let measured = subject.measured { curves[key($0.rawValue)] != nil }
    guard !measured.isEmpty else { return nil }
    let delta = configuration.cells[cell].delta
    var series = measured.map { quantity in
      Chart.Series(
        name: quantity.words, role: .distribution, style: quantity.style,
        points: curves[key(quantity.rawValue)] ?? [])
    }
    series += subject.bounds.compactMap { name in
      summary.records[cell][name + "_bound"].flatMap { Double($0) }.map {
        Chart.Series(
          name: name + " bound", role: .bound, style: subject.style(ofBound: name),
          points: [Chart.Point(x: $0, y: delta)])
      }
    }
    let places = series.flatMap { $0.points.map(\.x) }.filter { $0 > 0 }
    let ends = [places.min() ?? 1, places.max() ?? 1]
    series.append(
      Chart.Series(
        name: String(format: "δ = %g", delta), role: .reference, style: 0,
        points: ends.map { Chart.Point(x: $0, y: delta) }))
    let place = axis.label == "cell" ? "" : "\(axis.label) = \(axis.text(ofCell: cell))"
    return Chart(
      title: "Trials above ε: " + subject.title.prefix(1).lowercased() + subject.title.dropFirst(),
      subtitle: [group, place].filter { !$0.isEmpty }.joined(separator: ", "),
      xLabel: "ε", yLabel: "share of trials", xScale: .logarithmic(places), series: series)
  }
}
