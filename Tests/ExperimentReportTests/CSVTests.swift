import Testing

@testable import ExperimentReport

@Suite struct CSVTests {
  @Test func fieldsAreQuotedWhereTheyMustBe() {
    #expect(CSV.line(["a", "", "b c", "1.5"]) == "a,,b c,1.5\n")
    #expect(
      CSV.line(["a,b", "say \"x\"", "two\nlines"]) == "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\"\n")
  }

  @Test func whatIsWrittenIsRead() {
    let records = [["a", "b,c", ""], ["\"", "\n", "é"], ["", "", ""], ["x", "\r\n", "z"]]
    #expect(CSV.parse(records.map { CSV.line($0) }.joined()) == records)
  }

  @Test func linesOfOtherMakes() {
    #expect(CSV.parse("a,b\r\n1,2\r\n") == [["a", "b"], ["1", "2"]])
    #expect(CSV.parse("a,b\n1,2") == [["a", "b"], ["1", "2"]])
    #expect(CSV.parse("") == [])
  }

  @Test func whatIsNoTableIsRefused() {
    #expect(CSV.parse("\"open") == nil)
    #expect(CSV.parse("a\"b\"\n") == nil)
    #expect(CSVTable("") == nil)
    #expect(CSVTable("a,b\n1\n") == nil)
    #expect(CSVTable("a,a\n1,2\n") == nil)
    #expect(CSVTable("a,b\n1,2\n")?.records == [["a": "1", "b": "2"]])
  }
}
