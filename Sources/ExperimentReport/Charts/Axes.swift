/// Title, axes, ticks and their labels.
struct Axes {
  let chart: Chart
  let frame: ChartFrame

  private static let tickRoom = 8.0
  private static let halfCharacter = 3.4
  /// So many characters of the font have room in a line.
  private static let lineLength = 68

  var markup: String { titles + vertical + horizontal + lines + names }

  private var titles: String {
    let subtitle = chart.subtitle
    let shortened =
      subtitle.count <= Self.lineLength ? subtitle : subtitle.prefix(Self.lineLength - 1) + "…"
    return Ink.label(chart.title, ChartFrame.margin, 18, kind: "title")
      + Ink.label(shortened, ChartFrame.margin, 36)
  }

  private var vertical: String {
    frame.yScale.ticks.map { tick in
      let place = frame.y(tick.value)
      return Ink.line(frame.left, place, frame.right, place, "grid")
        + Ink.label(tick.label, frame.left - 6, place + 4, anchor: "end")
    }.joined()
  }

  /// Ticks at all values, labels of those that have room; of the last one always.
  private var horizontal: String {
    let ticks = frame.xScale.ticks
    var text = ""
    var end = -Double.infinity
    for (index, tick) in ticks.enumerated() {
      let place = frame.x(tick.value)
      text += Ink.line(place, frame.bottom, place, frame.bottom + 4, "axis")
      let half = Double(tick.label.count) * Self.halfCharacter
      let last = ticks[ticks.count - 1]
      let lastStart = frame.x(last.value) - Double(last.label.count) * Self.halfCharacter
      let isLast = index == ticks.count - 1
      guard place - half > end + Self.tickRoom,
        isLast || place + half + Self.tickRoom < lastStart
      else { continue }
      text += Ink.label(tick.label, place, frame.bottom + 18, anchor: "middle")
      end = place + half
    }
    return text
  }

  private var lines: String {
    let path =
      "M\(Ink.point(frame.left, frame.top))V\(Ink.length(frame.bottom))H\(Ink.length(frame.right))"
    return Markup.element("path", ["class": "axis", "d": path])
  }

  private var names: String {
    Ink.label(
      chart.xLabel, (frame.left + frame.right) / 2, frame.bottom + 38, anchor: "middle")
      + Ink.label(
        chart.yLabel, 14, (frame.top + frame.bottom) / 2, anchor: "middle", turned: true)
  }
}
