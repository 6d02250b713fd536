/// The operator norm of a convolution on a grid that wraps around, from its kernel's Fourier transform:
/// the largest ‖Ŵ(ω)‖ over the P² frequencies, Ŵ(ω) = Σ_s W_s e^{−iω·s}, c_out × c_in (Sedghi, Gupta and
/// Long, *The singular values of convolutional layers*, ICLR 2019).
///
/// On a grid padded with zeros the operator is a compression of that on a grid of side P ≥ N + ⌊q/2⌋ that
/// wraps around, so that its norm is at most that one's. A complex matrix A + iB has the norm of the real
/// one with the blocks A, −B, B, A. Frequencies ω and −ω have the same norm.
public struct ConvolutionNorm {
  private let kernel: DenseMatrix
  private let outChannels: Int
  private let inChannels: Int
  private let side: Int
  private let period: Int
  /// cos and sin of 2πj/P.
  private let turns: [(cos: Double, sin: Double)]

  /// - Parameters:
  ///   - kernel: outChannels × c·q², in the order channel, row, column.
  ///   - patches: the geometry.
  public init(_ kernel: DenseMatrix, _ patches: ImagePatches) {
    precondition(kernel.columns == patches.size, "no kernel of that shape")
    self.kernel = kernel
    outChannels = kernel.rows
    inChannels = patches.channels
    side = patches.kernel
    let period = patches.isCircular ? patches.grid : patches.grid + patches.kernel / 2
    self.period = period
    turns = (0..<period).map { Self.turn($0, of: period) }
  }

  /// cos and sin of 2πj/P, to a few units in the last place of 1: `Elementary` takes turns of 32 bits,
  /// the rest is a rotation by less than 2e-9.
  private static func turn(_ j: Int, of period: Int) -> (cos: Double, sin: Double) {
    let exact = Double(j) / Double(period) * 0x1p32
    let word = exact.rounded(.down)
    let ε = (exact - word) * 1.46291807926715968e-09  // 2π·2⁻³²
    let (cos, sin) = Elementary.cosSin(turns: SIMD8(repeating: UInt64(word)))
    return (cos[0] - ε * sin[0], sin[0] + ε * cos[0])
  }

  /// The norm, from below, to about 1e-5.
  public var lowerBound: Double {
    var largest = 0.0
    forEachFrequency { matrix in
      // A frequency whose norm is shown to be below is not looked at closely.
      if largest > 0 && GramMatrix(matrix).isBelow(largest * largest * (1 + 2e-6)) { return }
      largest = max(largest, SpectralNorm.lowerBound(matrix))
    }
    return largest
  }

  /// A true upper bound of the norm, at most 1.01 times it: at each frequency the proof of
  /// `SpectralNorm`, and beyond it the rounding of the transform, a sum of q² products for each entry,
  /// whose Frobenius norm is at most (2q² + 16)·2⁻⁵³·q·‖W‖_F.
  public var upperBound: Double {
    var (square, trace) = (0.0, 0.0)
    forEachFrequency { matrix in
      let gram = GramMatrix(matrix)
      trace = max(trace, gram.trace)
      if square > 0 && gram.isBelow(square) { return }
      let bound = SpectralNorm.upperBound(matrix)
      square = max(square, bound * bound)
    }
    guard square.isFinite else { return .infinity }
    let size = Double(2 * max(outChannels, inChannels))
    let slack = 2 * (2 * size + 4) * 0x1p-53 * (trace + size * square)
    let frobenius = kernel.entries.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let rounding = Double(2 * side * side + 16) * 0x1p-53 * Double(side) * frobenius
    return ((square + slack).squareRoot() + rounding) * (1 + 0x1p-49)
  }

  /// Hands out Ŵ(ω) as a real matrix, for every frequency but those that others mirror.
  private func forEachFrequency(_ body: (DenseMatrix) -> Void) {
    for a in 0...period / 2 {
      for b in 0..<period {
        // (a, b) and (−a, −b) mirror each other; on the axes of a half of the b's is enough.
        if (a == 0 || 2 * a == period) && b > period / 2 { continue }
        body(transform(a, b))
      }
    }
  }

  private func transform(_ a: Int, _ b: Int) -> DenseMatrix {
    var matrix = DenseMatrix(rows: 2 * outChannels, columns: 2 * inChannels)
    for out in 0..<outChannels {
      for channel in 0..<inChannels {
        var (real, imaginary) = (0.0, 0.0)
        let first = out * kernel.columns + channel * side * side
        for r in 0..<side {
          for s in 0..<side {
            let turn = turns[(a * r + b * s) % period]
            let weight = kernel.entries[first + r * side + s]
            real += weight * turn.cos
            imaginary -= weight * turn.sin
          }
        }
        matrix.setBlock(out, channel, real, imaginary)
      }
    }
    return matrix
  }
}

extension DenseMatrix {
  /// Places an entry of a complex matrix.
  fileprivate mutating func setBlock(
    _ row: Int, _ column: Int, _ real: Double, _ imaginary: Double
  ) {
    let (height, width) = (rows / 2, columns / 2)
    self[row, column] = real
    self[row + height, column + width] = real
    self[row, column + width] = -imaginary
    self[row + height, column] = imaginary
  }
}
