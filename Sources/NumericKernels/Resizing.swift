extension Array {
  /// Gives the array a number of elements without giving memory back, so that working memory that
  /// shrinks and grows is allocated once.
  ///
  /// - Parameters:
  ///   - newCount: the number wanted; what is beyond it is dropped.
  ///   - filler: what new elements are.
  @inlinable public mutating func resize(to newCount: Int, filledWith filler: Element) {
    if newCount < count {
      removeLast(count - newCount)
    } else if newCount > count {
      append(contentsOf: repeatElement(filler, count: newCount - count))
    }
  }
}
