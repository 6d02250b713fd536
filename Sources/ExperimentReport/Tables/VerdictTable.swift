import ExperimentKit
import Foundation

/// The verdict table, drawn from the files of a results folder alone.
public struct VerdictTable {
  private let title: String
  private let claim: String
  private let level: Double
  private let untilDecided: Bool
  private let summary: CSVTable
  private let kind: ExperimentKind
  private let scaling: ScalingLines?

  /// - Parameters:
  ///   - title: the experiment's name.
  ///   - configuration: from the results folder.
  ///   - summary: the rows of `summary.csv`.
  ///   - scaling: the rows of `scaling.csv`, if there is one.
  /// - Returns: nil if the table lacks a column.
  public init?(
    title: String, configuration: Configuration, summary: CSVTable, scaling: CSVTable? = nil
  ) {
    let needed = SummaryColumns.all(configuration.kind).map(\.name)
    guard Set(needed).isSubset(of: summary.names) else { return nil }
    self.title = title
    self.claim = configuration.claim
    self.level = configuration.level
    self.untilDecided = configuration.untilDecided
    self.summary = summary
    kind = configuration.kind
    self.scaling = scaling.flatMap { ScalingLines($0) }
  }

  /// Whether a bound was found false.
  public var hasViolation: Bool { verdicts.contains(Verdict.violated.rawValue) }

  private var verdicts: [String] {
    summary.records.flatMap { record in kind.bounds.compactMap { record[$0 + "_verdict"] } }
      .filter { !$0.isEmpty }
  }

  /// The table with its title, claim and notes.
  ///
  /// - Parameter coloured: whether verdicts are coloured, for a terminal.
  public func text(coloured: Bool) -> String {
    let bold = { coloured ? TerminalStyle.bold.wrap($0) : $0 }
    return bold(title) + ": " + claim + "\n\n" + table.text(coloured: coloured) + "\n"
      + (scaling?.text(coloured: coloured) ?? "")
      + (notes + ["", lastLine]).joined(separator: "\n") + "\n"
  }

  /// The parameter columns whose values differ between cells.
  private var varying: [String] {
    Cell.parameterNames.filter { name in Set(summary.records.map { $0[name] ?? "" }).count > 1 }
  }

  /// The table: the first line has the heads.
  var table: TextTable {
    var table = TextTable()
    let heads =
      ["cell"] + varying + ["bound on", "measured"] + (hasCertificates ? ["certificate"] : [])
      + ["bound", "tightness", "violations", "verdict"]
    table.append(heads.map { TextTable.Field($0, style: .bold) })
    for record in summary.records {
      // A bound that a cell does not have takes no line, unless it has none at all.
      let shown = kind.bounds.filter { record[$0 + "_bound"]?.isEmpty == false }
      for (index, bound) in (shown.isEmpty ? kind.bounds : shown).enumerated() {
        let identity = ["cell"] + varying
        let lead = identity.map { TextTable.Field(index == 0 ? record[$0] ?? "" : "") }
        table.append(lead + fields(record, bound))
      }
    }
    return table
  }

  private func fields(_ record: [String: String], _ bound: String) -> [TextTable.Field] {
    let error = estimate(of: bound, record)
    let quantile = Self.short(record[error + "_quantile"])
    let interval = ["_low", "_high"].map { Self.short(record[error + "_quantile" + $0]) }
    let measured =
      quantile.isEmpty
      ? "-" : quantile + " [" + interval.map { $0.isEmpty ? "?" : $0 }.joined(separator: ", ") + "]"
    let limit = Self.number(record[bound + "_violation_upper"]).map { String(format: "%.2g", $0) }
    let violations = record[bound + "_violations"] ?? ""
    let rate =
      violations.isEmpty ? "-" : "\(violations)/\(record["trials"] ?? "") (< \(limit ?? "?"))"
    let upper = kind.certificate(of: bound).map {
      Self.orDash(Self.short(record[$0.rawValue + "_quantile"]))
    }
    let verdict = record[bound + "_verdict"] ?? ""
    let needed = record[bound + "_trials_needed"] ?? ""
    let vacuous = bound == "ball" && record["ball_vacuous"] == "true" ? ", vacuous" : ""
    return [
      TextTable.Field(bound), TextTable.Field(measured),
    ] + (hasCertificates ? [TextTable.Field(upper ?? "")] : []) + [
      TextTable.Field(Self.orDash(Self.short(record[bound + "_bound"]))),
      TextTable.Field(Self.orDash(Self.short(record[bound + "_tightness"]))),
      TextTable.Field(rate),
      TextTable.Field(
        verdict + (needed.isEmpty ? "" : " (\(needed) more trials)") + vacuous,
        style: Self.style(verdict)),
    ]
  }

  private var hasCertificates: Bool {
    summary.records.contains { record in
      kind.bounds.contains { bound in
        kind.certificate(of: bound).map { record[$0.rawValue + "_quantile"]?.isEmpty == false }
          ?? false
      }
    }
  }

  /// The quantity that a bound is judged by.
  private func estimate(of bound: String, _ record: [String: String]) -> String {
    let names = kind.estimates(of: bound).map(\.rawValue)
    return names.first { record[$0 + "_quantile"]?.isEmpty == false } ?? names.last ?? ""
  }

  private static func style(_ verdict: String) -> TerminalStyle? {
    switch Verdict(rawValue: verdict) {
    case .violated: .red
    case .certified, .holds: .green
    case .undecided: .yellow
    case .outsideHypotheses: .faint
    case nil: nil
    }
  }

  private static func number(_ field: String?) -> Double? { field.flatMap(Double.init) }

  private static func short(_ field: String?) -> String {
    number(field).map { String(format: "%.4g", $0) } ?? ""
  }

  private static func orDash(_ field: String) -> String { field.isEmpty ? "-" : field }

  private var networkNotes: [String] {
    let search = summary.records.contains { estimate(of: "ball", $0) == "ball_lower" }
    var notes = [
      "ball, net_ball, refined_ball: the largest error over the unit ball, measured as the largest "
        + (search ? "found by ascent from" : "over") + " the sampled inputs:"
        + " a lower\n  estimate, so \"holds\" means not refuted by these inputs."
        + " point, sharp_point,\n  refined_point: the error at one input."
    ]
    if hasCertificates {
      notes.append(
        "certificate: the (1 - delta)-quantile of a true upper bound of each network's largest error;"
          + " \"certified\" means\n  that the largest error itself is under the bound often enough."
      )
    }
    notes.append(
      "bounds: " + BoundNotes.whose + "\n  tightness: bound / measured.")
    return notes
  }

  private var matrixNotes: [String] {
    [
      "norm, kept_norm, with and without _variance: spectral norms of W and of its kept part. max_row_count, max_column_count:"
        + " pruned entries in a line.\n  threshold: the smallest kept magnitude, whose bound is that at"
        + " delta/4, as the others use it. All others: bounds of\n  the pruned part's spectral norm;"
        + " certificate: a true upper bound of that norm.",
      "bounds: explicit constants of ours, each at failure probability delta by itself."
        + " tightness: bound / measured.",
    ]
  }

  /// What the table's columns and verdicts mean, a paragraph each.
  var explanations: [String] { notes.map { $0.replacing("\n ", with: "") } }

  /// The verdicts there are and how often, in words.
  public var verdictText: String {
    verdictCounts.map { "\($1) \($0.rawValue)" }.joined(separator: ", ")
  }

  /// The verdicts there are and how often.
  var verdictCounts: [(verdict: Verdict, count: Int)] {
    Verdict.allCases.map { verdict in (verdict, verdicts.count { $0 == verdict.rawValue }) }
      .filter { $0.1 > 0 }
  }

  private var notes: [String] {
    var notes: [String] = []
    let deltas = Set(summary.records.compactMap { $0["delta"] }).sorted()
    let percent = String(format: "%g%%", (1 - level) * 100)
    notes.append(
      "measured: the (1 - delta)-quantile over trials, delta = \(deltas.joined(separator: ", ")), "
        + "with its \(percent) interval.")
    notes += kind == .network ? networkNotes : matrixNotes
    let levelText = Self.short(String(level))
    notes.append(
      untilDecided
        ? "verdicts: trials ended when they decided; anytime-valid tests of the violation rate against"
          + " delta (beta mixture),\n  at level \(levelText) over the table; in brackets the \(percent)"
          + " confidence sequence's limit of the rate.\n  Intervals of quantiles are nominal after such"
          + " an end."
        : "verdicts: exact binomial tests of the violation rate against delta, Holm's procedure at level"
          + " \(levelText) over the table;\n  in brackets the \(percent) Clopper-Pearson limit of the"
          + " rate.")
    if Set(summary.records.compactMap { $0["bound_factor"] }) != ["1.0"] {
      notes.append("bound_factor: every bound was multiplied by it before it was compared.")
    }
    if verdicts.contains(Verdict.outsideHypotheses.rawValue) {
      notes.append(
        "outside hypotheses: the law has heavier tails than the theorem allows; the bound shown is that"
          + " of gaussian\n  weights of the same variance, and nothing is judged.")
    }
    let failed = summary.records.compactMap { Int($0["failed"] ?? "") }.reduce(0, +)
    if failed > 0 {
      notes.append(
        "failed trials: \(failed), counted as violations except in a verdict \"violated\"; "
          + "see the column status of trials.csv.")
    }
    return notes
  }

  private var lastLine: String { "verdicts: " + verdictText }
}
