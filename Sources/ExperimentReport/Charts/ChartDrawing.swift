import Foundation

/// Draws a chart as SVG: axes, then lines and marks, then a legend below, where it covers nothing.
struct ChartDrawing {
  private let chart: Chart
  private let yScale: Scale

  private static let width = 480.0
  private static let plot = (left: 62.0, top: 50.0, right: 468.0, bottom: 310.0)
  private static let legendTop = 368.0
  private static let legendRow = 19.0
  private static let tickRoom = 8.0
  private static let margin = 22.0
  /// So many characters of the font have room in a line.
  private static let lineLength = 68

  /// Colours that colour-blind readers tell apart (Okabe and Ito 2008); dashes and marks tell the same
  /// in print.
  private static let colours = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D31",
  ]
  private static let dashes = ["", "7 3", "2 3", "9 3 2 3", "12 4", "4 2", "1 4"]

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
    let values = chart.series.flatMap { series in
      (series.points + series.curve).filter(Chart.isDrawable).flatMap { point in
        // The lower limit of a share goes to 0.
        let ends = series.role == .distribution ? [point.high] : [point.low, point.high]
        return [point.y] + ends.compactMap { $0 }.filter { $0 > 0 && $0.isFinite }
      }
    }
    yScale = .logarithmic(values.isEmpty ? [1] : values)
  }

  private var drawn: [Chart.Series] {
    chart.series.filter { $0.points.contains(where: Chart.isDrawable) }
  }

  private var height: Double {
    Self.legendTop + Double((drawn.count + 1) / 2) * Self.legendRow
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
    let content =
      (style.map { Markup.element("style", [:], $0) } ?? "")
      + Markup.element(
        "title", [:],
        Markup.escaped(
          [chart.title, chart.subtitle].filter { !$0.isEmpty }.joined(separator: ", ")))
      + axes + drawn.map(lines).joined() + drawn.map(marks).joined() + legend
    return Markup.element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "chart", "role": "img",
        "viewBox": "0 0 \(Self.text(Self.width)) \(Self.text(height))",
      ], content)
  }

  private static func shortened(_ text: String) -> String {
    text.count <= lineLength ? text : text.prefix(lineLength - 1) + "…"
  }

  private static func text(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
  }

  private func x(_ value: Double) -> Double {
    Self.plot.left + (Self.plot.right - Self.plot.left) * chart.xScale.position(value)
  }

  private func y(_ value: Double) -> Double {
    Self.plot.bottom - (Self.plot.bottom - Self.plot.top) * yScale.position(value)
  }

  private func label(
    _ text: String, _ x: Double, _ y: Double, anchor: String = "start", kind: String = "label",
    turned: Bool = false
  ) -> String {
    Markup.element(
      "text",
      [
        "x": Self.text(x), "y": Self.text(y), "text-anchor": anchor, "class": kind,
        "transform": turned ? "rotate(-90 \(Self.text(x)) \(Self.text(y)))" : nil,
      ], Markup.escaped(text))
  }

  private func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ kind: String, colour: String? = nil
  ) -> String {
    let path = "M\(Self.text(x1)) \(Self.text(y1))L\(Self.text(x2)) \(Self.text(y2))"
    return Markup.element("path", ["class": kind, "d": path, "stroke": colour])
  }

  private var axes: String {
    let plot = Self.plot
    var text = label(chart.title, Self.margin, 18, kind: "title")
    text += label(Self.shortened(chart.subtitle), Self.margin, 36)
    for tick in yScale.ticks {
      let place = y(tick.value)
      text += line(plot.left, place, plot.right, place, "grid")
      text += label(tick.label, plot.left - 6, place + 4, anchor: "end")
    }
    // Labels of the swept values that have room; the last one always.
    var end = -Double.infinity
    let ticks = chart.xScale.ticks
    for (index, tick) in ticks.enumerated() {
      let place = x(tick.value)
      text += line(place, plot.bottom, place, plot.bottom + 4, "axis")
      let half = Double(tick.label.count) * 3.4
      let last = ticks[ticks.count - 1]
      let lastStart = x(last.value) - Double(last.label.count) * 3.4
      let isLast = index == ticks.count - 1
      guard place - half > end + Self.tickRoom,
        isLast || place + half + Self.tickRoom < lastStart
      else { continue }
      text += label(tick.label, place, plot.bottom + 18, anchor: "middle")
      end = place + half
    }
    text += Markup.element(
      "path",
      [
        "class": "axis",
        "d": "M\(Self.text(plot.left)) \(Self.text(plot.top))V\(Self.text(plot.bottom))"
          + "H\(Self.text(plot.right))",
      ])
    text += label(
      chart.xLabel, (plot.left + plot.right) / 2, plot.bottom + 38, anchor: "middle")
    return text
      + label(
        chart.yLabel, 14, (plot.top + plot.bottom) / 2, anchor: "middle", turned: true)
  }

  private func colour(_ style: Int) -> String { Self.colours[style % Self.colours.count] }

  private func lines(_ series: Chart.Series) -> String {
    if series.role == .distribution { return distribution(series) }
    let points = (series.curve.isEmpty ? series.points : series.curve).filter(Chart.isDrawable)
    if chart.xScale.isOfNames {
      // Nothing lies between names; what has no marks gets a short line at each.
      guard series.role == .reference else { return "" }
      let path = points.map { "M\(Self.text(x($0.x) - 12)) \(Self.text(y($0.y)))h24" }.joined()
      return stroke(series, path)
    }
    let path = points.enumerated().map { place, point in
      "\(place == 0 ? "M" : "L")\(Self.text(x(point.x))) \(Self.text(y(point.y)))"
    }.joined()
    return stroke(series, path)
  }

  /// The curve through the points, and the band: steps, since a limit from above holds from its point on
  /// and a limit from below up to its point.
  private func distribution(_ series: Chart.Series) -> String {
    let points = series.points.filter(Chart.isDrawable)
    let (left, right, bottom) = (Self.plot.left, Self.plot.right, Self.plot.bottom)
    func height(_ share: Double?) -> Double {
      share.map { $0 > 0 ? min(y($0), bottom) : bottom } ?? bottom
    }
    var band = "M\(Self.text(left)) \(Self.text(y(1)))"
    for point in points {
      band += "H\(Self.text(x(point.x)))V\(Self.text(height(point.high)))"
    }
    band += "H\(Self.text(right))V\(Self.text(bottom))"
    for point in points.reversed() {
      band += "H\(Self.text(x(point.x)))V\(Self.text(height(point.low)))"
    }
    band += "H\(Self.text(left))z"
    var path = "M\(Self.text(left)) \(Self.text(y(1)))"
    for point in points { path += "L\(Self.text(x(point.x))) \(Self.text(y(point.y)))" }
    path += "V\(Self.text(bottom))"
    return Markup.element("path", ["class": "band", "d": band, "fill": colour(series.style)])
      + stroke(series, path)
  }

  /// A curve in the style of its series.
  private func stroke(_ series: Chart.Series, _ path: String) -> String {
    if series.role == .reference {
      return Markup.element("path", ["class": "reference", "d": path, "stroke-dasharray": "2 4"])
    }
    let dash = Self.dashes[series.style % Self.dashes.count]
    return Markup.element(
      "path",
      [
        "class": "line", "d": path, "stroke": colour(series.style),
        "stroke-dasharray": dash.isEmpty ? nil : dash,
      ])
  }

  private func marks(_ series: Chart.Series) -> String {
    let index = series.style
    guard series.role != .reference else { return "" }
    return series.points.filter(Chart.isDrawable).map { point in
      let (px, py) = (x(point.x), y(point.y))
      var text = ""
      var numbers = "\(series.name): \(Self.number(point.y))"
      if series.role == .distribution {
        numbers += " [\(point.low.map(Self.number) ?? "?"), \(point.high.map(Self.number) ?? "?")]"
      } else if series.role == .measured {
        let ends = [point.low, point.high].map { end in end.flatMap { $0 > 0 ? $0 : nil } }
        if let low = ends[0], let high = ends[1] {
          text += line(px, y(low), px, y(high), "interval", colour: colour(index))
          text += [low, high].map {
            line(px - 4, y($0), px + 4, y($0), "interval", colour: colour(index))
          }.joined()
        }
        let shown = ends.map { $0.map(Self.number) ?? "?" }
        numbers += " [\(shown[0]), \(shown[1])]"
      }
      numbers += " at \(chart.xLabel) \(xText(point.x))"
      if series.role == .distribution {
        // Only to be pointed at.
        return Markup.element(
          "path",
          [
            "d": "M\(Self.text(px - 4)) \(Self.text(py))h8", "stroke": "transparent",
            "stroke-width": "8",
          ], Markup.element("title", [:], Markup.escaped(numbers)))
      }
      return text + mark(index, px, py, title: numbers)
    }.joined()
  }

  private func xText(_ value: Double) -> String {
    chart.xScale.ticks.first { $0.value == value }?.label ?? Self.number(value)
  }

  private static func number(_ value: Double) -> String { String(format: "%.4g", value) }

  /// A mark, another shape for each series.
  private func mark(_ index: Int, _ x: Double, _ y: Double, title: String?) -> String {
    let paths: [(Double) -> String] = [
      { "m-\($0) 0a\($0) \($0) 0 1 0 \(2 * $0) 0a\($0) \($0) 0 1 0 -\(2 * $0) 0" },
      { "m-\($0) -\($0)h\(2 * $0)v\(2 * $0)h-\(2 * $0)z" },
      { "m0 -\($0 * 1.3)l\($0 * 1.2) \($0 * 2.1)h-\($0 * 2.4)z" },
      {
        "m0 -\($0 * 1.4)l\($0 * 1.4) \($0 * 1.4)l-\($0 * 1.4) \($0 * 1.4)l-\($0 * 1.4) -\($0 * 1.4)z"
      },
      { "m0 \($0 * 1.3)l\($0 * 1.2) -\($0 * 2.1)h-\($0 * 2.4)z" },
    ]
    let path = "M\(Self.text(x)) \(Self.text(y))" + paths[index % paths.count](3)
    return Markup.element(
      "path", ["d": path, "fill": colour(index)],
      title.map { Markup.element("title", [:], Markup.escaped($0)) })
  }

  private var legend: String {
    drawn.enumerated().map { index, series in
      let left = Self.margin + Double(index % 2) * 226
      let middle = Self.legendTop + Double(index / 2) * Self.legendRow
      // Where marks stand alone, so does the legend's.
      let isAlone = chart.xScale.isOfNames && series.role != .reference
      let path = isAlone ? "" : "M\(Self.text(left)) \(Self.text(middle))h26"
      let hasMarks = series.role == .measured || series.role == .bound
      let sign = hasMarks ? mark(series.style, left + 13, middle, title: nil) : ""
      return (path.isEmpty ? "" : stroke(series, path)) + sign
        + label(series.name, left + 33, middle + 4)
    }.joined()
  }
}
