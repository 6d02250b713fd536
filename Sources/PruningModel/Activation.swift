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
  func apply(count: Int, to values: inout Batch) -> Lanes {
    // One loop a case: the compiler does not take the choice out of the loop.
    switch self {
    case .relu: Self.each(count, &values) { Activation.relu.value($0) }
    case .leakyRelu(let slope): Self.each(count, &values) { Self.kinked($0, slope: slope) }
    case .tanh: Self.each(count, &values) { Activation.tanh.value($0) }
    case .identity: Self.poison(count, values)
    }
  }

  @inline(__always)
  private static func each(
    _ count: Int, _ values: inout Batch, _ map: (Lanes) -> Lanes
  ) -> Lanes {
    var poison = Lanes.zero
    for index in 0..<count {
      let x = values[index]
      poison.addProduct(x, Lanes.zero)
      values[index] = map(x)
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
    count: Int, to signals: inout Batch, error errors: inout Batch
  ) -> Lanes {
    switch self {
    case .relu: Self.applyKinked(count, &signals, &errors, slope: 0)
    case .leakyRelu(let slope): Self.applyKinked(count, &signals, &errors, slope: slope)
    case .tanh: Self.applyTanh(count, &signals, &errors)
    case .identity: Self.poison(count, signals) + Self.poison(count, errors)
    }
  }

  /// Not a number in the lanes where a value is not finite, else zero.
  private static func poison(_ count: Int, _ values: borrowing Batch) -> Lanes {
    var poison = Lanes.zero
    for index in 0..<count { poison.addProduct(values[index], Lanes.zero) }
    return poison
  }

  // Loops written out: a closure that takes vectors is called, not inlined.

  private static func applyKinked(
    _ count: Int, _ signals: inout Batch, _ errors: inout Batch, slope: Float
  ) -> Lanes {
    var poison = Lanes.zero
    for index in 0..<count {
      let (x, difference) = (signals[index], errors[index])
      poison.addProduct(x, Lanes.zero)
      poison.addProduct(difference, Lanes.zero)
      signals[index] = kinked(x, slope: slope)
      errors[index] = kinked(x, x - difference, difference, slope: slope)
    }
    return poison
  }

  private static func applyTanh(
    _ count: Int, _ signals: inout Batch, _ errors: inout Batch
  ) -> Lanes {
    var poison = Lanes.zero
    for index in 0..<count {
      let (x, difference) = (signals[index], errors[index])
      poison.addProduct(x, Lanes.zero)
      poison.addProduct(difference, Lanes.zero)
      signals[index] = Activation.tanh.value(x)
      errors[index] = tanhDifference(x, x - difference, difference)
    }
    return poison
  }

  /// σ(x).
  @inline(__always)
  private func value(_ x: Lanes) -> Lanes {
    switch self {
    case .relu: Self.kinked(x, slope: 0)
    case .leakyRelu(let slope): Self.kinked(x, slope: slope)
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

  /// x above 0, slope·x below.
  @inline(__always)
  private static func kinked(_ x: Lanes, slope: Float) -> Lanes {
    (x * slope).replacing(with: x, where: x .> 0)
  }

  /// The difference of two kinked values, given x − y.
  @inline(__always)
  private static func kinked(_ x: Lanes, _ y: Lanes, _ difference: Lanes, slope: Float) -> Lanes {
    let (xPositive, yPositive) = (x .> 0, y .> 0)
    let crossing = kinked(x, slope: slope) - kinked(y, slope: slope)
    return
      crossing
      .replacing(with: difference, where: xPositive .& yPositive)
      .replacing(with: difference * slope, where: .!(xPositive .| yPositive))
  }

  /// tanh x − tanh y, given x − y.
  @inline(__always)
  private static func tanhDifference(_ x: Lanes, _ y: Lanes, _ difference: Lanes) -> Lanes {
    func half(_ x: SIMD8<Float>, _ y: SIMD8<Float>, _ difference: SIMD8<Float>) -> SIMD8<Float> {
      let product = Elementary.tanh(Elementary.double(x)) * Elementary.tanh(Elementary.double(y))
      return Elementary.single(Elementary.tanh(Elementary.double(difference)) * (1 - product))
    }
    return Lanes(
      lowHalf: half(x.lowHalf, y.lowHalf, difference.lowHalf),
      highHalf: half(x.highHalf, y.highHalf, difference.highHalf))
  }

  @inline(__always)
  private static func halves(_ x: Lanes, _ f: (SIMD8<Double>) -> SIMD8<Double>) -> Lanes {
    Lanes(
      lowHalf: Elementary.single(f(Elementary.double(x.lowHalf))),
      highHalf: Elementary.single(f(Elementary.double(x.highHalf))))
  }
}
