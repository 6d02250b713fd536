/// Where the plot lies in a picture, and where values lie in the plot.
struct ChartFrame {
  let xScale: Scale
  let yScale: Scale

  static let width = 480.0
  static let margin = 22.0
  let left = 62.0
  let top = 50.0
  let right = 468.0
  let bottom = 310.0

  init(_ chart: Chart) {
    xScale = chart.xScale
    let values = chart.series.flatMap { series in
      (series.points + series.curve).filter(Chart.isDrawable).flatMap { point in
        // The lower limit of a share goes to 0.
        let ends = series.role == .distribution ? [point.high] : [point.low, point.high]
        return [point.y] + ends.compactMap { $0 }.filter { $0 > 0 && $0.isFinite }
      }
    }
    yScale = .logarithmic(values.isEmpty ? [1] : values)
  }

  func x(_ value: Double) -> Double { left + (right - left) * xScale.position(value) }

  func y(_ value: Double) -> Double { bottom - (bottom - top) * yScale.position(value) }

  /// A point, as paths have it.
  func point(_ point: Chart.Point) -> String { Ink.point(x(point.x), y(point.y)) }
}
