import Foundation

/// The few things that charts are drawn with, as SVG.
enum Ink {
  /// A length, to a tenth of a pixel.
  static func length(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
  }

  /// A point, as paths have it.
  static func point(_ x: Double, _ y: Double) -> String { "\(length(x)) \(length(y))" }

  /// A number for readers.
  static func number(_ value: Double) -> String { String(format: "%.4g", value) }

  static func label(
    _ text: String, _ x: Double, _ y: Double, anchor: String = "start", kind: String = "label",
    turned: Bool = false
  ) -> String {
    Markup.element(
      "text",
      [
        "x": length(x), "y": length(y), "text-anchor": anchor, "class": kind,
        "transform": turned ? "rotate(-90 \(point(x, y)))" : nil,
      ], Markup.escaped(text))
  }

  static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ kind: String, colour: String? = nil
  ) -> String {
    Markup.element(
      "path", ["class": kind, "d": "M\(point(x1, y1))L\(point(x2, y2))", "stroke": colour])
  }

  /// What shows when something is pointed at.
  static func hint(_ text: String) -> String {
    Markup.element("title", [:], Markup.escaped(text))
  }
}
