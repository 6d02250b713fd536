/// What computes the trials.
public enum Engine {
  /// Rises whenever a byte of `trials.csv` may change; results of another version are stale.
  public static let version = 1

  /// The version of the program.
  public static let programVersion = "0.1.0"
}
