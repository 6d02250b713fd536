/// The values a configuration sweeps: one grid, or several whose cells follow one another.
///
/// Within a grid the keys are sorted by their bytes and the last varies fastest, values in the
/// order written.
struct Grid {
  /// A swept key with its values.
  struct Axis {
    let key: String
    let values: [JSONReader]
  }

  /// The axes of each grid; one grid without axes where nothing is swept.
  let grids: [[Axis]]

  private static let roots = ["network", "weights", "pruning", "inputs", "delta", "boundFactor"]
  private static let mostCells = 100_000

  init(_ reader: JSONReader?) throws(ConfigurationError) {
    guard let reader else {
      grids = [[]]
      return
    }
    var grids: [[Axis]] = []
    if case .array = reader.value {
      for element in try reader.elements() { grids.append(try Self.axes(element)) }
      if grids.isEmpty { throw reader.error(expected: "at least one grid") }
    } else {
      grids.append(try Self.axes(reader))
    }
    self.grids = grids
    var count = 0
    for axes in grids {
      var product = 1
      for axis in axes {
        product = product.multipliedReportingOverflow(by: axis.values.count).partialValue
        guard product <= Self.mostCells else { break }
      }
      count += product
      guard count <= Self.mostCells else {
        throw reader.error("more than \(Self.mostCells) cells; sweep fewer values")
      }
    }
  }

  private static func axes(_ reader: JSONReader) throws(ConfigurationError) -> [Axis] {
    guard case .object(let object) = reader.value, !object.members.isEmpty else {
      throw reader.error(expected: "an object of key paths and lists of values, not empty")
    }
    var axes: [Axis] = []
    for member in object.members {
      let path = JSONReader.join(reader.path, member.key)
      let root = member.key.split(separator: ".", omittingEmptySubsequences: false).first ?? ""
      guard roots.contains(String(root)) else {
        throw ConfigurationError(
          place: path,
          message: "cannot be swept; expected a key path below "
            + roots.joined(separator: ", "))
      }
      let values = try JSONReader(value: member.value, path: path).elements()
      guard !values.isEmpty else {
        throw JSONReader(value: member.value, path: path).error(expected: "at least one value")
      }
      axes.append(Axis(key: member.key, values: values))
    }
    return axes.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
  }

  /// The keys swept in every grid.
  var commonKeys: Set<String> {
    let sets = grids.map { Set($0.map(\.key)) }
    return sets.dropFirst().reduce(sets.first ?? []) { $0.intersection($1) }
  }

  /// Every key swept in some grid.
  var keys: Set<String> { Set(grids.flatMap { $0.map(\.key) }) }

  /// Calls `body` with the values of each cell, in the order of cells.
  func forEachCell(
    _ body: ([(key: String, value: JSONReader)]) throws(ConfigurationError) -> Void
  ) throws(ConfigurationError) {
    for axes in grids {
      var places = axes.map { _ in 0 }
      while true {
        try body(zip(axes, places).map { ($0.key, $0.values[$1]) })
        guard let axis = places.indices.last(where: { places[$0] + 1 < axes[$0].values.count })
        else { break }
        places[axis] += 1
        for later in places.indices where later > axis { places[later] = 0 }
      }
    }
  }
}

extension JSONObject {
  /// The object with the value at a key path replaced or added; nil where the path leads through
  /// something that is no object.
  func setting(_ path: some Collection<String>, to value: JSONValue?) -> JSONObject? {
    guard let key = path.first else { return nil }
    var copy = self
    if path.count == 1 {
      copy[key] = value
      return copy
    }
    guard case .object(let child)? = self[key] else { return nil }
    guard let changed = child.setting(path.dropFirst(), to: value) else { return nil }
    copy[key] = .object(changed)
    return copy
  }
}
