import ExperimentKit

/// Bounds of the same thing, with what is measured of it.
struct FigureSubject {
  /// By name; at least one.
  private(set) var bounds: [String]
  /// What they are judged by.
  let estimates: [Quantity]
  /// A true upper bound of it.
  let certificate: Quantity?

  /// The subjects of a kind of experiment.
  ///
  /// - Parameter has: whether there is such a bound.
  static func all(_ kind: ExperimentKind, has: (String) -> Bool) -> [FigureSubject] {
    var subjects: [FigureSubject] = []
    for bound in kind.bounds where has(bound) {
      let estimates = kind.estimates(of: bound)
      if let place = subjects.firstIndex(where: { $0.estimates == estimates }) {
        subjects[place].bounds.append(bound)
      } else {
        subjects.append(
          FigureSubject(
            bounds: [bound], estimates: estimates, certificate: kind.certificate(of: bound)))
      }
    }
    return subjects
  }

  /// The start of its figures' names.
  var name: String { bounds[0] }

  /// Whether it is the error at one input.
  var isPoint: Bool { estimates == [.pointError] }

  /// Whether it is the largest error over the ball.
  var isBall: Bool { estimates.contains(.maxError) }

  /// The quantities that are measured of it.
  func measured(_ has: (Quantity) -> Bool) -> [Quantity] {
    Quantity.allCases.filter { (estimates.contains($0) || certificate == $0) && has($0) }
  }

  /// What it is, for people.
  var title: String {
    isBall
      ? "Largest error over the ball"
      : isPoint ? "Error at one input" : estimates[0].rawValue.replacing("_", with: " ")
  }

  /// What its values are, on an axis.
  var axisTitle: String { isPoint || isBall ? "error" : title }

  /// Bounds of the same thing have different styles, and none of what is measured beside them; so have
  /// all of a network together.
  func style(ofBound name: String) -> Int {
    switch name {
    case "ball": 3
    case "net_ball": 4
    case "refined_ball": 5
    case "point": 1
    case "sharp_point": 2
    case "refined_point": 6
    default: 3 + (bounds.firstIndex(of: name) ?? 0)
    }
  }
}

extension Quantity {
  /// Its style in charts.
  var style: Int {
    switch self {
    case .ballLower: 1
    case .certificate, .prunedNormUpper: 2
    default: 0
    }
  }

  /// What it is, in a legend.
  var words: String {
    switch self {
    case .pointError: "error at one input"
    case .maxError: "largest over the inputs"
    case .ballLower: "largest found by ascent"
    case .certificate: "certificate"
    case .prunedNormUpper: "certificate"
    default: "measured " + rawValue.replacing("_", with: " ")
    }
  }
}
