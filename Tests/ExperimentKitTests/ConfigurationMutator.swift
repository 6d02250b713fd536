import Foundation

@testable import ExperimentKit

/// A JSON text as a tree that can say what JSON cannot: keys twice, numbers as they are written.
indirect enum JSONNode {
  case raw(String)
  case array([JSONNode])
  case object([(key: String, value: JSONNode)])

  init(_ value: JSONValue) {
    switch value {
    case .array(let values): self = .array(values.map { JSONNode($0) })
    case .object(let object): self = .object(object.members.map { ($0.key, JSONNode($0.value)) })
    default: self = .raw(value.canonical)
    }
  }

  var text: String {
    switch self {
    case .raw(let text): text
    case .array(let nodes): "[" + nodes.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{"
        + members.map { JSONValue.string($0.key).canonical + ":" + $0.value.text }
        .joined(separator: ",") + "}"
    }
  }

  /// The number of nodes below and this one.
  var count: Int {
    switch self {
    case .raw: 1
    case .array(let nodes): nodes.reduce(1) { $0 + $1.count }
    case .object(let members): members.reduce(1) { $0 + $1.value.count }
    }
  }

  /// The tree with the node of a number, counted in depth first order, changed.
  func changing(_ number: Int, _ change: (JSONNode) -> JSONNode) -> JSONNode {
    if number == 0 { return change(self) }
    var rest = number - 1
    switch self {
    case .raw: return self
    case .array(var nodes):
      for place in nodes.indices {
        let count = nodes[place].count
        if rest < count {
          nodes[place] = nodes[place].changing(rest, change)
          break
        }
        rest -= count
      }
      return .array(nodes)
    case .object(var members):
      for place in members.indices {
        let count = members[place].value.count
        if rest < count {
          members[place].value = members[place].value.changing(rest, change)
          break
        }
        rest -= count
      }
      return .object(members)
    }
  }
}

/// Makes configurations wrong in the ways that people, scripts and disks make them wrong.
struct ConfigurationMutator {
  private let bases: [JSONNode]
  private var generator: Generator
  /// Keys and strings that mean something somewhere.
  private let words: [String]

  private static let numbers = [
    "0", "-0", "1", "-1", "2", "3", "7", "16", "64", "100", "1000", "4.5", "0.5", "0.05", "1e-3",
    "0.999999999999", "1e-320", "5e-324", "1e99", "-1e99", "1e400", "-1e400", "1e308",
    "2147483647", "2147483648", "4294967295", "4294967296", "9007199254740991",
    "9007199254740993", "9223372036854775807", "9223372036854775808", "18446744073709551615",
    "18446744073709551616", "-9223372036854775809", "65535", "65536", "1048576", "1048577",
    "1.0", "1e0", "100e-2", "0e0", "00", "01", "+1", "1.", ".5", "1e", "1e+", "0x10", "NaN",
    "Infinity", "-", "1_000", "1,5",
  ]
  private static let scalars = ["null", "true", "false", "\"\"", "[]", "{}", "\"1\"", "[[]]"]

  init(_ texts: [Data], seed: UInt64) throws {
    let values = try texts.map { try JSONParser.parse($0) }
    bases = values.map { JSONNode($0) }
    generator = Generator(state: seed)
    var words: Set<String> = ["__proto__", "é", "\u{0}", "a.b", "..", "/dev/zero", "no/such/file"]
    func collect(_ node: JSONNode) {
      switch node {
      case .raw(let text):
        if text.hasPrefix("\"") { words.insert(String(text.dropFirst().dropLast())) }
      case .array(let nodes): nodes.forEach(collect)
      case .object(let members):
        for member in members {
          words.insert(member.key)
          collect(member.value)
        }
      }
    }
    bases.forEach(collect)
    self.words = words.sorted()
  }

  private mutating func below(_ count: Int) -> Int { Int(generator.next() * Double(count)) }
  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }

  /// The next wrong file.
  mutating func next() -> Data {
    var node = pick(bases)
    for _ in 0...below(2) { node = mutated(node) }
    let text = Data(node.text.utf8)
    return below(6) == 0 ? damaged(text) : text
  }

  private mutating func mutated(_ root: JSONNode) -> JSONNode {
    let place = below(root.count)
    let kind = below(12)
    let (word, other, number) = (pick(words), pick(words), pick(Self.numbers))
    let (scalar, choice) = (pick(Self.scalars), generator.next())
    let donor = pick(bases)
    let donated = below(donor.count)
    let isHuge = below(150) == 0
    return root.changing(place) { node in
      func index(_ count: Int) -> Int { Int(choice * Double(count)) }
      switch (kind, node) {
      case (0, .object(var members)) where !members.isEmpty:
        members[index(members.count)].key = word
        return .object(members)
      case (1, .object(var members)) where !members.isEmpty:
        members.remove(at: index(members.count))
        return .object(members)
      case (2, .object(var members)) where !members.isEmpty:
        members.append(members[index(members.count)])
        return .object(members)
      case (3, .object(var members)):
        members.insert((word, .raw(number)), at: index(members.count + 1))
        return .object(members)
      case (4, .array(var nodes)) where !nodes.isEmpty:
        nodes.append(nodes[index(nodes.count)])
        return .array(nodes)
      case (5, .array(var nodes)):
        nodes.insert(.raw(number), at: index(nodes.count + 1))
        return .array(nodes)
      case (6, _): return .raw(scalar)
      case (7, _): return .raw(JSONValue.string(word).canonical)
      case (8, _): return .array([node])
      case (9, _): return .object([(word, node), (other, .raw(number))])
      case (10, _):
        // A piece of another experiment.
        var piece = donor
        _ = donor.changing(donated) {
          piece = $0
          return $0
        }
        return piece
      case (11, _) where isHuge:
        switch index(6) {
        case 0: return .array((0..<100_000).map { .raw(String($0)) })
        case 1: return .raw(String(repeating: "[", count: 200_000))
        case 2: return .raw(String(repeating: "7", count: 100_000))
        case 3: return .raw("\"" + String(repeating: "x", count: 1_000_000) + "\"")
        case 4: return .object((0..<20_000).map { ("k\($0)", .raw("0")) })
        default:
          return .object(
            ["network.hiddenWidth", "pruning.alpha", "delta", "weights.scale"].map {
              ($0, .array((1...300).map { .raw("0.\($0)1") }))
            })
        }
      default: return .raw(number)
      }
    }
  }

  /// Bytes lost, changed, doubled, or of no encoding.
  private mutating func damaged(_ text: Data) -> Data {
    var bytes = [UInt8](text)
    for _ in 0...below(3) {
      let place = below(bytes.count + 1)
      switch below(7) {
      case 0: bytes = Array(bytes[..<place])
      case 1 where place < bytes.count: bytes[place] = UInt8(below(256))
      case 2: bytes.insert(contentsOf: [0xFF, 0xC0, 0x80], at: place)
      case 3: bytes.insert(contentsOf: Array(#""\ud800\u12""#.utf8), at: place)
      case 4: bytes.insert(contentsOf: Array("/* ".utf8), at: place)
      case 5: bytes.insert(contentsOf: Array(bytes[place...].prefix(40)), at: place)
      default:
        bytes.insert(contentsOf: pick(["{", "}", "[", "]", ",", ":", "\"", "\n"]).utf8, at: place)
      }
    }
    return Data(bytes)
  }
}
