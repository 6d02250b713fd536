import Testing

@testable import RandomStreams

@Suite struct SpherePointsTests {
  static func norms(_ points: [Float], _ dimension: Int) -> [Double] {
    stride(from: 0, to: points.count, by: dimension).map { start in
      points[start..<start + dimension].reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
  }

  /// Rounding each coordinate to `Float` moves the norm by at most 2⁻²⁴ relative.
  @Test(arguments: [1, 2, 3, 16, 784])
  func sphere(dimension: Int) {
    let stream = RandomStream(seed: 4, trial: 0, layer: 0, purpose: .inputs)
    var points = [Float](repeating: 0, count: 50 * dimension)
    SpherePoints.fillSphere(&points, dimension: dimension, from: stream)
    var gaussians = points
    Law.gaussian.fill(first: gaussians.count, of: &gaussians, from: stream, amplitude: 1)
    for norm in Self.norms(points, dimension) { #expect(abs(norm - 1) <= 6e-8) }
    // The direction is that of the row of gaussians.
    for (row, norm) in Self.norms(gaussians, dimension).enumerated() {
      let index = row * dimension
      #expect(abs(Double(points[index]) - Double(gaussians[index]) / norm) <= 1.2e-7)
    }
  }

  /// r^d is uniform in the ball: mean ½ within 5 standard errors, false alarm 6e-7.
  @Test(arguments: [1, 3, 20])
  func ball(dimension: Int) {
    let count = 4000
    var points = [Float](repeating: 0, count: count * dimension)
    SpherePoints.fillSphere(
      &points, dimension: dimension,
      from: RandomStream(seed: 4, trial: 1, layer: 0, purpose: .inputs))
    let radii = RandomStream(seed: 4, trial: 1, layer: 0, purpose: .radii)
    SpherePoints.shrinkToBall(&points, dimension: dimension, from: radii)
    let volumes = Self.norms(points, dimension).map { norm in
      (0..<dimension).reduce(1.0) { volume, _ in volume * norm }
    }
    // d roundings of 1.2e-7 in the norm's d-th power.
    for (row, volume) in volumes.enumerated() {
      let u = (Double(radii.word(at: row)) + 1) * 0x1p-32
      #expect(abs(volume - u) <= 1.3e-7 * Double(dimension) * u)
    }
    let mean = volumes.reduce(0, +) / Double(count)
    #expect(abs(mean - 0.5) <= 5 / (12 * Double(count)).squareRoot())
  }
}
