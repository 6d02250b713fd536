/// What computes the trials.
public enum Engine {
  /// Rises whenever a byte of `trials.csv` may change; results of another version are stale.
  ///
  /// 2: gaussians are evaluated in single precision, within 4.8e-7 of the same definition.
  /// 3: inputs are held one by one from the first layer to the norms of the last error, so that squares are
  /// summed in sixteen sums; behind ReLU two inputs share the loads of the weights, which changes the order of
  /// the terms of their products.
  public static let version = 3

  /// The version of the program.
  public static let programVersion = "0.1.0"
}
