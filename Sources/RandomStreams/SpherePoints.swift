import NumericKernels

/// Points drawn uniformly from the unit sphere or the unit ball.
public enum SpherePoints {
  /// Independent uniform points on the unit sphere: rows of gaussians scaled to norm 1.
  ///
  /// - Parameters:
  ///   - points: count × dimension, row-major.
  ///   - dimension: the space's dimension, a divisor of the number of entries.
  ///   - stream: entry row·dimension + column is drawn from the words of that entry.
  public static func fillSphere(
    _ points: inout [Float], dimension: Int, from stream: RandomStream
  ) {
    Law.gaussian.fill(first: points.count, of: &points, from: stream, amplitude: 1)
    // A row of zeros has probability below 2⁻³²; it stays where it is, inside the ball.
    RowNorms.normalise(&points, dimension: dimension)
  }

  /// Moves points of the sphere to independent uniform points of the ball: row i is multiplied by
  /// ((w_i + 1)·2⁻³²)^(1/dimension), w_i word i of the stream.
  ///
  /// - Parameters:
  ///   - points: count × dimension, row-major, rows of norm 1.
  ///   - dimension: the space's dimension.
  ///   - stream: the stream of the radii.
  public static func shrinkToBall(
    _ points: inout [Float], dimension: Int, from stream: RandomStream
  ) {
    for row in 0..<points.count / dimension {
      let u = (Double(stream.word(at: row)) + 1) * 0x1p-32
      let logarithm = Elementary.log(SIMD8(repeating: u)) / Double(dimension)
      let radius = 1 + Elementary.expMinusOne(logarithm)[0]
      for index in row * dimension..<(row + 1) * dimension {
        points[index] = Float(Double(points[index]) * radius)
      }
    }
  }
}
