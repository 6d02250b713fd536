import RandomStreams

/// What one trial measured: e(x) = ‖F(x) − f(x)‖₂ over its inputs, and what it was asked for beyond.
public struct TrialErrors: Hashable, Sendable {
  /// e at the first input.
  public let point: Double
  /// The root mean square of e over the inputs.
  public let rootMeanSquare: Double
  /// The largest e over the inputs, a lower estimate of the ball error.
  public let maximum: Double
  /// The largest e found on the sphere by ascent from the inputs, at least `maximum`.
  public let ballLower: Double?
  /// An upper bound of e over the unit ball.
  public let certificate: Double?

  /// - Parameters:
  ///   - point: e at the first input.
  ///   - rootMeanSquare: the root mean square over the inputs.
  ///   - maximum: the largest.
  ///   - ballLower: the largest found by ascent, if there was one.
  ///   - certificate: an upper bound of the ball error, if there is one.
  public init(
    point: Double, rootMeanSquare: Double, maximum: Double, ballLower: Double? = nil,
    certificate: Double? = nil
  ) {
    self.point = point
    self.rootMeanSquare = rootMeanSquare
    self.maximum = maximum
    self.ballLower = ballLower
    self.certificate = certificate
  }
}

/// What one trial gave.
public enum TrialMeasurement: Hashable, Sendable {
  /// Of a network: its errors.
  case errors(TrialErrors)
  /// Of a matrix: its norms.
  case norms(LayerNorms)
}

/// What a trial measures beyond the errors at its inputs.
public struct Measures: Hashable, Sendable {
  /// Ascent on the sphere; nil for none.
  public var ballSearch: BallSearch.Settings?
  /// The certificate.
  public var certificate: Bool

  /// - Parameters:
  ///   - ballSearch: the settings of the ascent, nil for none.
  ///   - certificate: whether the certificate is computed.
  public init(ballSearch: BallSearch.Settings? = nil, certificate: Bool = false) {
    self.ballSearch = ballSearch
    self.certificate = certificate
  }

  /// Whether all layers must be held at once.
  var needNetwork: Bool { ballSearch != nil || certificate }
}

/// Why a trial has no result.
public enum TrialFailure: Error, Hashable, Sendable {
  /// A weight is infinite: the law's tail left the range of `Float`.
  case nonFiniteWeight(layer: Int)
  /// An activation or error is infinite or not a number.
  case nonFiniteValue(layer: Int)
  /// The certificate is infinite or not a number.
  case nonFiniteCertificate
}

/// The address of a trial's draws.
public struct TrialAddress: Hashable, Sendable {
  /// The experiment's seed.
  public let seed: UInt64
  /// The trial's index in its cell, from 0.
  public let trial: UInt32
  /// 0 where cells share their draws, else the hash of the cell's parameters.
  public let cell: UInt32

  /// - Parameters:
  ///   - seed: the experiment's seed.
  ///   - trial: the trial's index.
  ///   - cell: 0, or the cell's hash.
  public init(seed: UInt64, trial: UInt32, cell: UInt32 = 0) {
    self.seed = seed
    self.trial = trial
    self.cell = cell
  }

  func stream(layer: Int, _ purpose: Purpose) -> RandomStream {
    RandomStream(seed: seed, trial: trial, layer: layer, purpose: purpose, cell: cell)
  }
}
