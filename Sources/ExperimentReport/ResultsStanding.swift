import ExperimentKit

/// What a reader must know before believing finished results; nothing, mostly.
public enum ResultsStanding {
  /// A sentence each.
  ///
  /// - Parameters:
  ///   - manifest: of the results folder.
  ///   - configuration: of the results folder.
  ///   - name: the experiment's name.
  public static func warnings(
    _ manifest: Manifest?, _ configuration: Configuration, name: String
  ) -> [String] {
    var warnings: [String] = []
    if manifest?.isExtended == true {
      warnings.append(
        "extended: trials were added after verdicts had been shown, so their levels are nominal; "
          + "\"until\": \"decided\" keeps them")
    }
    if manifest?.describes(configuration) != true {
      warnings.append(
        "stale: these results are of another configuration or engine version; "
          + "prunebounds run \(name) renews them")
    }
    return warnings
  }
}
