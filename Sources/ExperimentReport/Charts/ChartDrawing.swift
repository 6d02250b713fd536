/// Draws a chart as SVG: axes, then lines and marks, then a legend below, where it covers nothing.
struct ChartDrawing {
  private let chart: Chart
  private let series: [Chart.Series]
  private let frame: ChartFrame
  private let legend: Legend

  /// What a page or a file of its own needs once.
  static let style = """
    .chart text{font:12px system-ui,sans-serif;fill:currentColor}
    .chart .title{font-weight:600;font-size:13px}
    .chart .axis{stroke:currentColor;stroke-width:1;fill:none}
    .chart .grid{stroke:currentColor;stroke-opacity:.15;stroke-width:1}
    .chart .line{fill:none;stroke-width:1.8}
    .chart .reference{fill:none;stroke:currentColor;stroke-opacity:.6;stroke-width:1.2}
    .chart .interval{stroke-width:1.4}
    .chart .band{fill-opacity:.16}
    """

  init(_ chart: Chart) {
    self.chart = chart
    series = chart.series.filter { $0.points.contains(where: Chart.isDrawable) }
    frame = ChartFrame(chart)
    legend = Legend(series: series, isOfMarks: chart.xScale.isOfNames)
  }

  /// The picture, for a page that has the style.
  func svg() -> String { markup(style: nil) }

  /// The picture as a file of its own.
  func file() -> String {
    let own =
      Self.style + "svg{color:#1a1a1a;background:#fff}"
      + "@media(prefers-color-scheme:dark){svg{color:#e8e8e8;background:#181a1b}}"
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + markup(style: own) + "\n"
  }

  private func markup(style: String?) -> String {
    let marks = series.map { Marks($0, of: chart, in: frame) }
    let title = [chart.title, chart.subtitle].filter { !$0.isEmpty }.joined(separator: ", ")
    let content =
      (style.map { Markup.element("style", [:], $0) } ?? "") + Ink.hint(title)
      + Axes(chart: chart, frame: frame).markup + marks.map(\.line).joined()
      + marks.map(\.marks).joined() + legend.markup
    return Markup.element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "chart", "role": "img",
        "viewBox": "0 0 \(Ink.length(ChartFrame.width)) \(Ink.length(legend.bottom))",
      ], content)
  }
}
