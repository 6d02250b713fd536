/// A JSON document that remembers what Foundation's decoders forget: the order of keys, and numbers
/// as they were written.
public enum JSONValue: Hashable, Sendable {
  /// null.
  case null
  /// true or false.
  case bool(Bool)
  /// A number.
  case number(JSONNumber)
  /// A string.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object.
  case object(JSONObject)

  /// What the value is, for messages.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a truth value"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// A number, exact where it is a natural number of 64 bits.
public enum JSONNumber: Hashable, Sendable {
  /// An integer in 0 … 2⁶⁴ − 1.
  case natural(UInt64)
  /// Any other finite number.
  case real(Double)
  /// A number beyond the range of `Double`, as it was written.
  case outOfRange(String)

  /// A number from its double, which is finite: a natural number below 2⁵³ is that, however it was
  /// written.
  public init(_ value: Double) {
    let isNatural = value >= 0 && value < 0x1p53 && value == value.rounded()
    self = isNatural ? .natural(UInt64(value)) : .real(value)
  }

  /// The nearest double, infinite if there is none.
  var double: Double {
    switch self {
    case .natural(let value): Double(value)
    case .real(let value): value
    case .outOfRange: .infinity
    }
  }
}

/// An object's members in the order written, no key twice.
public struct JSONObject: Hashable, Sendable {
  /// The members.
  public private(set) var members: [Member] = []

  /// A key and its value.
  public struct Member: Hashable, Sendable {
    /// The key.
    public let key: String
    /// The value.
    public var value: JSONValue
  }

  /// An object without members.
  public init() {}

  /// The value of a key; setting nil removes the member.
  public subscript(key: String) -> JSONValue? {
    get { members.first { $0.key == key }?.value }
    set {
      let index = members.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key: key, value: value))
      case (nil, nil): break
      }
    }
  }
}
