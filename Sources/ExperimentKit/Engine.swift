/// What computes the trials.
public enum Engine {
  /// Rises whenever a byte of `trials.csv` may change; results of another version are stale.
  ///
  /// 2: gaussians are evaluated in single precision, within 4.8e-7 of the same definition.
  public static let version = 2

  /// The version of the program.
  public static let programVersion = "0.1.0"
}
