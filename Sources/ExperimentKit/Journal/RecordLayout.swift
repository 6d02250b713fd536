import PruningModel

/// How a trial's outcome is kept as bytes of a fixed number: a status, then what was measured.
struct RecordLayout: Sendable, Equatable {
  private let kind: ExperimentKind
  private let quantities: [Quantity]

  /// The layout of an experiment's rows; `measure` is the same in all its cells.
  init(_ configuration: Configuration) {
    kind = configuration.kind
    quantities = kind.quantities.filter(configuration.cells[0].measures)
  }

  /// The bytes of a row.
  var byteCount: Int { 8 * (1 + quantities.count) }

  /// The status of a row that is not there: of bytes that were never written.
  private static let absent: UInt64 = 0
  private static let ok: UInt64 = 1

  private static func status(_ failure: TrialFailure) -> UInt64 {
    switch failure {
    case .nonFiniteWeight(let layer): 2 | UInt64(layer) << 8
    case .nonFiniteValue(let layer): 3 | UInt64(layer) << 8
    case .nonFiniteCertificate: 4
    }
  }

  private static func failure(_ status: UInt64) -> TrialFailure? {
    let layer = Int(status >> 8)
    return switch status & 0xFF {
    case 2: .nonFiniteWeight(layer: layer)
    case 3: .nonFiniteValue(layer: layer)
    case 4: .nonFiniteCertificate
    default: nil
    }
  }

  /// Appends a row. What was not measured of a matrix is written as not a number.
  func append(_ outcome: Result<TrialMeasurement, TrialFailure>, to bytes: inout [UInt8]) {
    switch outcome {
    case .success(let measurement):
      bytes.append(littleEndian: Self.ok)
      for quantity in quantities {
        bytes.append(littleEndian: (measurement.value(quantity) ?? .nan).bitPattern)
      }
    case .failure(let failure):
      bytes.append(littleEndian: Self.status(failure))
      for _ in quantities { bytes.append(littleEndian: UInt64(0)) }
    }
  }

  /// Whether the row that starts at an index tells of a failed trial.
  func isFailed(_ bytes: [UInt8], at start: Int) -> Bool {
    bytes.littleEndian(at: start, as: UInt64.self) != Self.ok
  }

  /// The row that starts at an index; nil if there is none.
  func outcome(_ bytes: [UInt8], at start: Int) -> Result<TrialMeasurement, TrialFailure>? {
    let status = bytes.littleEndian(at: start, as: UInt64.self)
    guard status == Self.ok else { return Self.failure(status).map { .failure($0) } }
    func value(_ quantity: Quantity) -> Double? {
      guard let place = quantities.firstIndex(of: quantity) else { return nil }
      let bits = bytes.littleEndian(at: start + 8 * (1 + place), as: UInt64.self)
      let value = Double(bitPattern: bits)
      return value.isNaN ? nil : value
    }
    return .success(TrialMeasurement(kind, value))
  }
}

extension TrialMeasurement {
  /// A measurement from its values.
  init(_ kind: ExperimentKind, _ value: (Quantity) -> Double?) {
    func required(_ quantity: Quantity) -> Double { value(quantity) ?? .nan }
    func count(_ quantity: Quantity) -> Int { value(quantity).flatMap { Int(exactly: $0) } ?? 0 }
    switch kind {
    case .network:
      self = .errors(
        TrialErrors(
          point: required(.pointError), rootMeanSquare: required(.rmsError),
          maximum: required(.maxError), ballLower: value(.ballLower),
          certificate: value(.certificate)))
    case .matrix:
      self = .norms(
        LayerNorms(
          norm: required(.norm), keptNorm: required(.keptNorm),
          prunedNorm: required(.prunedNorm), prunedNormUpper: required(.prunedNormUpper),
          threshold: value(.threshold), maxRowCount: count(.maxRowCount),
          maxColumnCount: count(.maxColumnCount)))
    }
  }
}
