import ExperimentKit
import Foundation
import PruningModel

/// The parameter that an experiment sweeps, as an axis: its values by cell, and which cells belong to one
/// curve.
struct SweptAxis {
  /// Cells that differ in the swept parameter only.
  struct Group {
    /// How they differ from the others.
    let title: String
    fileprivate(set) var cells: [Int]
  }

  /// Its name.
  let label: String
  /// The value of each cell.
  private let values: [Double]
  /// How the values are written.
  let scale: Scale
  /// Every cell belongs to one.
  let groups: [Group]

  /// The axis of an experiment's plot, or of the first key that it sweeps.
  init(_ configuration: Configuration) {
    let key = configuration.axisKey ?? ""
    label = Self.name(key)
    let cells = configuration.cells
    let numbers = cells.map { Self.number(key, $0) }
    let texts = cells.map { Self.text(key, $0) }
    if numbers.allSatisfy({ $0 != nil }) {
      let all = numbers.compactMap { $0 }
      values = all
      let places = Set(all).sorted()
      let ratio = (places.last ?? 1) / (places.first ?? 1)
      scale = .at(
        places.map { Scale.Tick(value: $0, label: Scale.label($0)) },
        // α is an exponent already.
        isLogarithmic: (places.first ?? 0) > 0 && ratio >= 4 && key != "pruning.alpha")
    } else {
      var names: [String] = []
      for text in texts where !names.contains(text) { names.append(text) }
      values = texts.map { Double(names.firstIndex(of: $0) ?? 0) }
      scale = .names(names)
    }
    // What is left to distinguish cells at the same place of the axis.
    let varying = Cell.parameterNames.indices.filter { place in
      Set(cells.map { $0.parameters[place] }).count > 1
        && !Self.columns(key).contains(Cell.parameterNames[place])
    }
    var groups: [Group] = []
    for (index, cell) in cells.enumerated() {
      let title = varying.map { place in
        let name = Cell.parameterNames[place].replacing("_", with: " ")
        return cell.parameters[place].isEmpty ? "" : "\(name) \(cell.parameters[place])"
      }.filter { !$0.isEmpty }.joined(separator: ", ")
      if let place = groups.firstIndex(where: { $0.title == title }) {
        groups[place].cells.append(index)
      } else {
        groups.append(Group(title: title, cells: [index]))
      }
    }
    self.groups = groups
  }

  /// The value of a cell.
  func value(ofCell cell: Int) -> Double { values[cell] }

  /// The value of a cell as the axis has it.
  func text(ofCell cell: Int) -> String {
    scale.ticks.first { $0.value == values[cell] }?.label ?? Scale.label(values[cell])
  }

  /// The parameter columns that a key is written in.
  private static func columns(_ key: String) -> [String] {
    switch key {
    case "weights": ["law", "degrees_of_freedom", "scale"]
    case "network": ["kind", "widths", "kernel", "padding", "activation"]
    case "pruning": ["method", "alpha", "layers"]
    case "inputs": ["input_count", "input_domain"]
    default: [column(key)]
    }
  }

  private static func column(_ key: String) -> String {
    switch key {
    case "pruning.method": "method"
    case "pruning.alpha": "alpha"
    case "pruning.layers": "layers"
    case "delta": "delta"
    case "boundFactor": "bound_factor"
    case "network.kernel": "kernel"
    case "network.padding": "padding"
    case "network.activation": "activation"
    case "weights.law": "law"
    case "weights.scale": "scale"
    case "inputs.count": "input_count"
    case "inputs.domain": "input_domain"
    default: key.hasPrefix("network") ? "widths" : key
    }
  }

  private static func name(_ key: String) -> String {
    switch key {
    case "network.hiddenWidth", "network.widths": "width d"
    case "network.hiddenLayers": "hidden layers"
    case "network.inputWidth": "input width"
    case "network.inputSize": "side of the image"
    case "network.channels": "channels"
    case "pruning.alpha": "alpha"
    case "network": "rows × columns"
    case "": "cell"
    default: key.split(separator: ".").last.map(String.init) ?? key
    }
  }

  private static func number(_ key: String, _ cell: Cell) -> Double? {
    let sizes = cell.design.sizes
    return switch key {
    case "network.hiddenWidth", "network.widths", "network.channels":
      Double(sizes.count > 1 ? sizes[1] : sizes[0])
    case "network.inputWidth": Double(sizes[0])
    case "network.hiddenLayers": Double(sizes.count - 2)
    case "network.inputSize":
      // channels x side x side
      cell.parameters[1].split(separator: " ").first?.split(separator: "x").last
        .flatMap { Double($0) }
    case "network.rows", "network.columns": Double(sizes.max() ?? 0)
    case "network", "weights": nil
    default:
      Cell.parameterNames.firstIndex(of: column(key)).flatMap { Double(cell.parameters[$0]) }
    }
  }

  private static func text(_ key: String, _ cell: Cell) -> String {
    if key == "weights" {
      let degrees = cell.design.law.degreesOfFreedom.map { String(format: " %g", $0) }
      return cell.design.law.name + (degrees ?? "")
    }
    // Rows × columns of a matrix.
    if key == "network", cell.kind == .matrix {
      return cell.design.sizes.reversed().map(String.init).joined(separator: "×")
    }
    let place = Cell.parameterNames.firstIndex(of: column(key))
    return place.map { cell.parameters[$0] } ?? ""
  }
}
