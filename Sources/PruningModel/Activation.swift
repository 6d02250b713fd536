import NumericKernels

/// The function σ after every layer but the last; σ(0) = 0, as the theorems require.
public enum Activation: Hashable, Sendable {
  /// max(x, 0).
  case relu
  /// x above 0, slope·x below.
  case leakyRelu(slope: Float)
  /// The hyperbolic tangent.
  case tanh
  /// x itself: a linear network.
  case identity

  /// L with |σ(x) − σ(y)| ≤ L|x − y|.
  public var lipschitzConstant: Double {
    if case .leakyRelu(let slope) = self { Double(max(1, slope.magnitude)) } else { 1 }
  }
}

/// A batch's way through an activation, with the error that pruning made of it.
extension Activation {
  /// Replaces the first `count` vectors of F by σ(F).
  ///
  /// - Returns: zero, or not a number in the lanes where a value was not finite.
  func apply(count: Int, to values: inout [Lanes]) -> Lanes {
    var signal = values.mutableSpan
    var poison = Lanes.zero
    for index in 0..<count {
      let x = signal[index]
      poison.addProduct(x, Lanes.zero)
      signal[index] = value(x)
    }
    return poison
  }

  /// Takes the first `count` vectors of F and δ = F − f to σ(F) and σ(F) − σ(f).
  ///
  /// The difference is never that of two rounded values where those are nearly equal: where both
  /// arguments are on one side of a kink it is δ times the slope; tanh uses
  /// tanh a − tanh b = tanh(a − b)(1 − tanh a tanh b).
  ///
  /// - Parameters:
  ///   - count: the number of vectors.
  ///   - signals: F, replaced by σ(F).
  ///   - errors: δ, replaced by σ(F) − σ(f).
  /// - Returns: zero, or not a number in the lanes where a value was not finite.
  func apply(
    count: Int, to signals: inout [Lanes], error errors: inout [Lanes]
  ) -> Lanes {
    var signal = signals.mutableSpan
    var error = errors.mutableSpan
    var poison = Lanes.zero
    for index in 0..<count {
      let (x, difference) = (signal[index], error[index])
      poison.addProduct(x, Lanes.zero)
      poison.addProduct(difference, Lanes.zero)
      signal[index] = value(x)
      error[index] = self.difference(x, x - difference, given: difference)
    }
    return poison
  }

  /// σ(x).
  @inline(__always)
  private func value(_ x: Lanes) -> Lanes {
    switch self {
    case .relu: Lanes.zero.replacing(with: x, where: x .> 0)
    case .leakyRelu(let slope): (x * slope).replacing(with: x, where: x .> 0)
    case .tanh: Self.halves(x) { Elementary.tanh($0) }
    case .identity: x
    }
  }

  /// σ′(x); at a kink, the slope below it.
  @inline(__always)
  func slope(_ x: Lanes) -> Lanes {
    switch self {
    case .relu: return Lanes.zero.replacing(with: 1, where: x .> 0)
    case .leakyRelu(let slope): return Lanes(repeating: slope).replacing(with: 1, where: x .> 0)
    case .tanh:
      let tanh = value(x)
      return 1 - tanh * tanh
    case .identity: return Lanes.one
    }
  }

  /// σ(x) − σ(y), given x − y.
  @inline(__always)
  private func difference(_ x: Lanes, _ y: Lanes, given difference: Lanes) -> Lanes {
    switch self {
    case .relu: return Self.kinked(x, y, difference, slope: 0)
    case .leakyRelu(let slope): return Self.kinked(x, y, difference, slope: slope)
    case .tanh:
      let low = Self.tanhDifference(x.lowHalf, y.lowHalf, difference.lowHalf)
      let high = Self.tanhDifference(x.highHalf, y.highHalf, difference.highHalf)
      return Lanes(lowHalf: low, highHalf: high)
    case .identity: return difference
    }
  }

  @inline(__always)
  private static func kinked(_ x: Lanes, _ y: Lanes, _ difference: Lanes, slope: Float) -> Lanes {
    let (xPositive, yPositive) = (x .> 0, y .> 0)
    let crossing =
      (x * slope).replacing(with: x, where: xPositive)
      - (y * slope).replacing(with: y, where: yPositive)
    return
      crossing
      .replacing(with: difference, where: xPositive .& yPositive)
      .replacing(with: difference * slope, where: .!(xPositive .| yPositive))
  }

  @inline(__always)
  private static func tanhDifference(
    _ x: SIMD8<Float>, _ y: SIMD8<Float>, _ difference: SIMD8<Float>
  ) -> SIMD8<Float> {
    let product = Elementary.tanh(Elementary.double(x)) * Elementary.tanh(Elementary.double(y))
    return Elementary.single(Elementary.tanh(Elementary.double(difference)) * (1 - product))
  }

  @inline(__always)
  private static func halves(_ x: Lanes, _ f: (SIMD8<Double>) -> SIMD8<Double>) -> Lanes {
    Lanes(
      lowHalf: Elementary.single(f(Elementary.double(x.lowHalf))),
      highHalf: Elementary.single(f(Elementary.double(x.highHalf))))
  }
}
