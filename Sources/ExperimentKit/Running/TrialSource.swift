import PruningModel

/// The trials of a finished experiment, read cell by cell in order, as often as needed.
public protocol TrialSource {
  /// The experiment.
  var configuration: Configuration { get }

  /// Calls `body` with each trial of a cell, in order.
  func forEachRecord(
    ofCell cell: Int, _ body: (TrialRecord) throws(ResultsFolderError) -> Void
  ) throws(ResultsFolderError)
}
