/// One series in the plot: its line, and its marks with what they show when pointed at.
struct Marks {
  private let series: Chart.Series
  private let chart: Chart
  private let frame: ChartFrame
  private let style: SeriesStyle
  private let points: [Chart.Point]

  init(_ series: Chart.Series, of chart: Chart, in frame: ChartFrame) {
    (self.series, self.chart, self.frame) = (series, chart, frame)
    style = SeriesStyle(series)
    points = series.points.filter(Chart.isDrawable)
  }

  var line: String {
    if series.role == .distribution { return distribution }
    let points = series.curve.isEmpty ? points : series.curve.filter(Chart.isDrawable)
    if frame.xScale.isOfNames {
      // Nothing lies between names; what has no marks gets a short line at each.
      guard series.role == .reference else { return "" }
      let path = points.map { "M\(Ink.point(frame.x($0.x) - 12, frame.y($0.y)))h24" }.joined()
      return style.stroke(path, role: .reference)
    }
    let path = points.enumerated().map { ($0 == 0 ? "M" : "L") + frame.point($1) }.joined()
    return style.stroke(path, role: series.role)
  }

  /// The curve through the points, and the band: steps, since a limit from above holds from its point on
  /// and a limit from below up to its point.
  private var distribution: String {
    func x(_ point: Chart.Point) -> String { Ink.length(frame.x(point.x)) }
    func height(_ share: Double?) -> String {
      Ink.length(
        share.map { $0 > 0 ? min(frame.y($0), frame.bottom) : frame.bottom } ?? frame.bottom)
    }
    let bottom = Ink.length(frame.bottom)
    let start = "M\(Ink.point(frame.left, frame.y(1)))"
    let above = points.map { "H\(x($0))V\(height($0.high))" }.joined()
    let below = points.reversed().map { "H\(x($0))V\(height($0.low))" }.joined()
    let band =
      start + above + "H\(Ink.length(frame.right))V\(bottom)" + below
      + "H\(Ink.length(frame.left))z"
    let path = start + points.map { "L\(frame.point($0))" }.joined() + "V\(bottom)"
    return Markup.element("path", ["class": "band", "d": band, "fill": style.colour])
      + style.stroke(path, role: .distribution)
  }

  var marks: String {
    switch series.role {
    case .reference: ""
    case .bound: points.map { mark($0, "") }.joined()
    case .measured: points.map(measured).joined()
    case .distribution: points.map(target).joined()
    }
  }

  private func measured(_ point: Chart.Point) -> String {
    let px = frame.x(point.x)
    let ends = [point.low, point.high].map { end in end.flatMap { $0 > 0 ? $0 : nil } }
    var text = ""
    if let low = ends[0], let high = ends[1] {
      text += interval(px, frame.y(low), px, frame.y(high))
      text += [low, high].map { interval(px - 4, frame.y($0), px + 4, frame.y($0)) }.joined()
    }
    return text + mark(point, Self.interval(ends[0], ends[1]))
  }

  private func interval(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
    Ink.line(x1, y1, x2, y2, "interval", colour: style.colour)
  }

  private func mark(_ point: Chart.Point, _ interval: String) -> String {
    style.mark(frame.x(point.x), frame.y(point.y), hint: hint(point, interval))
  }

  /// Nothing but a place to point at.
  private func target(_ point: Chart.Point) -> String {
    let path = "M\(Ink.point(frame.x(point.x) - 4, frame.y(point.y)))h8"
    return Markup.element(
      "path", ["d": path, "stroke": "transparent", "stroke-width": "8"],
      Ink.hint(hint(point, Self.interval(point.low, point.high))))
  }

  private static func interval(_ low: Double?, _ high: Double?) -> String {
    " [" + [low, high].map { $0.map(Ink.number) ?? "?" }.joined(separator: ", ") + "]"
  }

  private func hint(_ point: Chart.Point, _ interval: String) -> String {
    let place =
      frame.xScale.ticks.first { $0.value == point.x }?.label ?? Ink.number(point.x)
    return "\(series.name): \(Ink.number(point.y))\(interval) at \(chart.xLabel) \(place)"
  }
}
