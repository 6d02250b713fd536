/// A picture of quantities against a parameter: what is drawn, not how.
struct Chart {
  /// One quantity.
  struct Series {
    /// What the quantity is to the reader.
    enum Role {
      /// Measured: marks with intervals.
      case measured
      /// Proved: lines.
      case bound
      /// Neither: a fine line.
      case reference
      /// The share of trials above a value: a curve with the band that it lies in.
      case distribution
    }

    let name: String
    let role: Role
    /// Colour, dash and mark: the same for the same thing in every chart.
    let style: Int
    /// In the order of x; values that are not above 0 have no place on a logarithmic axis.
    let points: [Point]
    /// Where the line goes between the points, if more is known of it.
    var curve: [Point] = []
  }

  /// One value.
  struct Point {
    let x: Double
    let y: Double
    var low: Double?
    var high: Double?
  }

  /// What the picture is of, above it.
  let title: String
  /// Of which cells, below the title.
  let subtitle: String
  let xLabel: String
  let yLabel: String
  let xScale: Scale
  let series: [Series]

  /// Whether there is anything to draw.
  var isEmpty: Bool { !series.contains { $0.points.contains(where: Self.isDrawable) } }

  /// Whether a logarithmic axis has a place for it.
  static func isDrawable(_ point: Point) -> Bool { point.y > 0 && point.y.isFinite }
}
