import Testing

@testable import ExperimentKit

@Suite struct NearestTests {
  @Test func suggestions() {
    let names = ["quickstart", "random-width", "random-alpha"]
    #expect(Nearest.suggestion(for: "quikstart", among: names) == #"did you mean "quickstart"?"#)
    #expect(
      Nearest.suggestion(for: "Random-Width", among: names) == #"did you mean "random-width"?"#)
    #expect(Nearest.suggestion(for: "zzz", among: names) == "")
    #expect(Nearest.suggestion(for: "x", among: [String]()) == "")
  }
}
