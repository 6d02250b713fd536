/// Colour, dash and mark of a series: the same for the same thing in every chart.
struct SeriesStyle {
  private let index: Int

  /// Colours that colour-blind readers tell apart (Okabe and Ito 2008); dashes and marks tell the same
  /// in print.
  private static let colours = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D31",
  ]
  private static let dashes = ["", "7 3", "2 3", "9 3 2 3", "12 4", "4 2", "1 4"]
  /// Of about three pixels around a point.
  private static let marks = [
    "m-3.0 0a3.0 3.0 0 1 0 6.0 0a3.0 3.0 0 1 0 -6.0 0", "m-3.0 -3.0h6.0v6.0h-6.0z",
    "m0 -3.9l3.6 6.3h-7.2z", "m0 -4.2l4.2 4.2l-4.2 4.2l-4.2 -4.2z", "m0 3.9l3.6 -6.3h-7.2z",
  ]

  init(_ series: Chart.Series) { index = series.style }

  var colour: String { Self.colours[index % Self.colours.count] }

  /// A curve.
  func stroke(_ path: String, role: Chart.Series.Role) -> String {
    if role == .reference {
      return Markup.element("path", ["class": "reference", "d": path, "stroke-dasharray": "2 4"])
    }
    let dash = Self.dashes[index % Self.dashes.count]
    return Markup.element(
      "path",
      [
        "class": "line", "d": path, "stroke": colour, "stroke-dasharray": dash.isEmpty ? nil : dash,
      ])
  }

  /// A mark.
  func mark(_ x: Double, _ y: Double, hint: String? = nil) -> String {
    let path = "M\(Ink.point(x, y))" + Self.marks[index % Self.marks.count]
    return Markup.element("path", ["d": path, "fill": colour], hint.map(Ink.hint))
  }
}
