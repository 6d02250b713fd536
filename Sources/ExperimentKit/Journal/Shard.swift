/// A part of an experiment, one of several that together are the whole and have no trial in common.
public struct Shard: Hashable, Sendable, CustomStringConvertible {
  /// From 1 to `count`.
  public let index: Int
  /// The number of parts.
  public let count: Int

  private static let most = 1_000_000

  /// - Parameters:
  ///   - index: from 1 to `count`.
  ///   - count: the number of parts.
  init(_ index: Int, of count: Int) { (self.index, self.count) = (index, count) }

  /// - Parameter text: `I/N` with 1 ≤ I ≤ N.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1],
      (1...Self.most).contains(count), (1...count).contains(index)
    else { return nil }
    (self.index, self.count) = (index, count)
  }

  /// `I/N`.
  public var description: String { "\(index)/\(count)" }

  /// The trials of a series that are the part's: consecutive ones, as many as of any other part, or one
  /// more; which parts have one more goes round with the series.
  ///
  /// - Parameters:
  ///   - series: the series' number.
  ///   - trials: the trials of each series.
  func trials(ofSeries series: Int, of trials: Int) -> Range<Int> {
    let (least, more) = trials.quotientAndRemainder(dividingBy: count)
    let place = (index - 1 + series * more) % count
    let start = place * least + min(place, more)
    return start..<start + least + (place < more ? 1 : 0)
  }
}
