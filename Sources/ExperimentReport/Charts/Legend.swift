/// What is which, below the plot, in two columns.
struct Legend {
  let series: [Chart.Series]
  /// Whether nothing lies between the marks of a series.
  let isOfMarks: Bool

  private static let top = 368.0
  private static let row = 19.0
  private static let column = 226.0

  /// Where it ends.
  var bottom: Double { Self.top + Double((series.count + 1) / 2) * Self.row }

  var markup: String {
    series.enumerated().map { index, series in
      let left = ChartFrame.margin + Double(index % 2) * Self.column
      let middle = Self.top + Double(index / 2) * Self.row
      let style = SeriesStyle(series)
      let hasLine = !isOfMarks || series.role == .reference
      let hasMarks = series.role == .measured || series.role == .bound
      return (hasLine ? style.stroke("M\(Ink.point(left, middle))h26", role: series.role) : "")
        + (hasMarks ? style.mark(left + 13, middle) : "")
        + Ink.label(series.name, left + 33, middle + 4)
    }.joined()
  }
}
