/// Offers the nearest of the names that would have been right.
public enum Nearest {
  /// `did you mean "x"?`, or nothing where no candidate is near.
  public static func suggestion(for word: String, among candidates: some Sequence<String>) -> String
  {
    let scored = candidates.map { (distance(word.lowercased(), $0.lowercased()), $0) }
    guard let best = scored.min(by: { $0.0 < $1.0 }), best.0 <= max(2, word.count / 3) else {
      return ""
    }
    return "did you mean \"\(best.1)\"?"
  }

  /// The edit distance of Levenshtein.
  private static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var row = Array(0...b.count)
    for i in 0..<a.count {
      var diagonal = row[0]
      row[0] = i + 1
      for j in 0..<b.count {
        let substituted = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}
