import Testing

@testable import ExperimentKit

@Suite struct JSONTests {
  func canonical(_ text: String) throws -> String { try JSONParser.parse(text.utf8).canonical }

  @Test func valuesSurvive() throws {
    #expect(
      try canonical(#" {"b": [1, -2.5, true, null], "a": {"x": ""}} "#)
        == #"{"a":{"x":""},"b":[1,-2.5,true,null]}"#)
    #expect(try canonical(#""a\"\\\/\b\n\u0041\uD83D\uDE00é""#) == #""a\"\\/\u0008\nA😀é""#)
    #expect(try canonical("18446744073709551615") == "18446744073709551615")
    #expect(
      try canonical("[1.0, 1e0, 10e-1, -3.0, 0.1, 1e-5, 1e22]") == "[1,1,1,-3,0.1,1e-05,1e+22]")
    #expect(try canonical("\u{FEFF}[]") == "[]")
  }

  @Test func comments() throws {
    #expect(try canonical("// one\n[1, /* two\n */ 2] // three") == "[1,2]")
    #expect(try canonical(#"["// no comment"]"#) == #"["// no comment"]"#)
  }

  @Test(
    "Texts that are not JSON are refused on their line",
    arguments: [
      ("[1,\n 2,]", "line 2"), ("{\"a\" 1}", "line 1"), ("[01]", "line 1"), ("[1.]", "line 1"),
      ("[+1]", "line 1"), ("\n\n'a'", "line 3"), ("[\"\t\"]", "line 1"),
      ("[\"\\ud800\"]", "line 1"),
      ("[\"\\u12\"]", "line 1"), ("/ 1", "line 1"), ("tru", "line 1"), ("[1 2]", "line 1"),
      ("{\"a\": {\"b\": 1, \"b\": 2}}", "a.b"),
    ])
  func refused(text: String, place: String) {
    #expect { try JSONParser.parse(text.utf8) } throws: { ($0 as? JSONSyntaxError)?.place == place }
  }

  /// RFC 8259's grammar of numbers, against a regular expression, over all texts of up to five of its
  /// characters.
  @Test func numbers() throws {
    let grammar = /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/
    var texts = [""]
    for _ in 0..<5 {
      texts += Set(texts.flatMap { text in ["0", "7", "-", "+", ".", "e"].map { text + $0 } })
        .subtracting(texts)
    }
    #expect(texts.count == 9331)
    for text in texts where !text.isEmpty {
      let isNumber = (try? JSONParser.parse("[\(text)]".utf8)) != nil
      #expect(isNumber == (text.wholeMatch(of: grammar) != nil), "\(text)")
    }
  }

  /// Every way to cut a document short is an error, never a crash.
  @Test func truncated() throws {
    let text = Array(
      Example.text(["grid": #"{"pruning.alpha": [0.1, 2e-1], "delta": [0.5]}"#]).utf8)
    for length in 0..<text.count {
      #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(text[..<length]) }
    }
  }

  @Test func prettyReadsBackTheSame() throws {
    let value = try JSONParser.parse(Example.text().utf8)
    #expect(try JSONParser.parse(value.pretty.utf8) == value)
    #expect(try JSONParser.parse(value.canonical.utf8).canonical == value.canonical)
  }

  @Test func hashes() {
    // The published test vectors of FNV-1a.
    #expect(FNV1a.hash32("".utf8) == 0x811c_9dc5)
    #expect(FNV1a.hash32("a".utf8) == 0xe40c_292c)
    #expect(FNV1a.hash32("foobar".utf8) == 0xbf9c_f968)
    #expect(FNV1a.hash64("a".utf8) == 0xaf63_dc4c_8601_ec8c)
    #expect(FNV1a.hexadecimal64("foobar".utf8) == "85944171f73967e8")
  }
}
