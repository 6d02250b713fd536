import Foundation
import NumericKernels
import RandomStreams

@testable import PruningModel

/// The definition of a trial, in double precision: draw, zero what is pruned, evaluate both
/// networks, subtract their outputs.
struct NaiveNetwork {
  let design: TrialDesign
  let address: TrialAddress

  /// Row-major matrices of every layer, full and pruned; a convolution's operator.
  let layers: [(full: [Float], kept: [Float])]
  /// The inputs, row by row.
  let inputs: [[Float]]

  init(_ design: TrialDesign, _ address: TrialAddress) {
    self.design = design
    self.address = address
    layers = (1...design.layerCount).map { k in
      let shape = design.shapes[k - 1]
      let size = shape.weightCount
      var full = [Float](repeating: 0, count: size)
      design.law.fill(
        first: size, of: &full, from: address.stream(layer: k, .weights),
        amplitude: design.amplitude(layer: k))
      var kept = full
      let count = design.prunedCounts[k - 1]
      if count > 0 {
        switch design.pruning.method {
        case .random:
          var sampler = SubsetSampler()
          var marks = EntryMarks()
          sampler.sample(count, of: size, from: address.stream(layer: k, .mask), into: &marks)
          for place in 0..<size where marks.words[place / 64] >> (place % 64) & 1 == 1 {
            kept[place] = 0
          }
        case .magnitude:
          let order = full.indices.sorted { (abs(full[$0]), $0) < (abs(full[$1]), $1) }
          for place in order.prefix(count) { kept[place] = 0 }
        }
      }
      return (Self.matrix(full, shape), Self.matrix(kept, shape))
    }
    let (count, width) = (design.inputs.count, design.widths[0])
    var points = [Float](repeating: 0, count: count * width)
    if case .points(let given) = design.inputs.domain {
      points = given
    } else {
      SpherePoints.fillSphere(&points, dimension: width, from: address.stream(layer: 0, .inputs))
      if design.inputs.domain == .ball {
        SpherePoints.shrinkToBall(&points, dimension: width, from: address.stream(layer: 0, .radii))
      }
    }
    inputs = (0..<count).map { Array(points[$0 * width..<($0 + 1) * width]) }
  }

  /// The operator of a layer, outputs × inputs.
  static func matrix(_ weights: [Float], _ shape: LayerShape) -> [Float] {
    guard case .convolution(let channels, let patches) = shape else { return weights }
    let (n, q) = (patches.grid, patches.kernel)
    var matrix = [Float](repeating: 0, count: shape.outputs * shape.inputs)
    for out in 0..<channels {
      for (y, x) in (0..<n * n).map({ ($0 / n, $0 % n) }) {
        for i in 0..<patches.channels {
          for (r, s) in (0..<q * q).map({ ($0 / q, $0 % q) }) {
            var (line, place) = (y + r - q / 2, x + s - q / 2)
            if patches.isCircular {
              (line, place) = ((line + n) % n, (place + n) % n)
            } else if !(0..<n).contains(line) || !(0..<n).contains(place) {
              continue
            }
            let row = (out * n + y) * n + x
            let column = (i * n + line) * n + place
            matrix[row * shape.inputs + column] +=
              weights[((out * patches.channels + i) * q + r) * q + s]
          }
        }
      }
    }
    return matrix
  }

  /// ‖F(x) − f(x)‖ at each input, all in `Number`.
  func errors<Number: BinaryFloatingPoint>(in type: Number.Type) -> [Double] {
    inputs.map { input in
      let full = output(input, \.full, type)
      let kept = output(input, \.kept, type)
      return zip(full, kept).reduce(0.0) { $0 + pow(Double($1.0 - $1.1), 2) }.squareRoot()
    }
  }

  /// ‖F(x) − f(x)‖ at any point, in double precision.
  func error(at x: [Double]) -> Double {
    let full = output(x, \.full, Double.self)
    let kept = output(x, \.kept, Double.self)
    return zip(full, kept).reduce(0.0) { $0 + pow($1.0 - $1.1, 2) }.squareRoot()
  }

  /// ‖F(x)‖ at the first input.
  var outputNorm: Double {
    output(inputs[0], \.full, Double.self).reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// The largest ‖σ(F_k)‖ and ‖σ(F_k) − σ(f_k)‖ over the inputs, of every layer; σ is left out in the last.
  func largestNorms() -> [(signal: Double, error: Double)] {
    var largest = [(signal: Double, error: Double)](repeating: (0, 0), count: layers.count)
    for input in inputs {
      let full = outputs(input, \.full, Double.self)
      let kept = outputs(input, \.kept, Double.self)
      for layer in layers.indices {
        let signal = full[layer].reduce(0) { $0 + $1 * $1 }.squareRoot()
        let error = zip(full[layer], kept[layer]).reduce(0) { $0 + pow($1.0 - $1.1, 2) }
        largest[layer].signal = max(largest[layer].signal, signal)
        largest[layer].error = max(largest[layer].error, error.squareRoot())
      }
    }
    return largest
  }

  private func output<Number: BinaryFloatingPoint>(
    _ input: [some BinaryFloatingPoint],
    _ weights: KeyPath<(full: [Float], kept: [Float]), [Float]>,
    _ type: Number.Type
  ) -> [Number] {
    outputs(input, weights, type)[layers.count - 1]
  }

  /// What comes out of every layer.
  private func outputs<Number: BinaryFloatingPoint>(
    _ input: [some BinaryFloatingPoint],
    _ weights: KeyPath<(full: [Float], kept: [Float]), [Float]>,
    _ type: Number.Type
  ) -> [[Number]] {
    var x = input.map { Number($0) }
    return layers.enumerated().map { index, layer in
      let (rows, columns) = (design.widths[index + 1], design.widths[index])
      let matrix = layer[keyPath: weights]
      x = (0..<rows).map { row in
        (0..<columns).reduce(Number(0)) { $0 + Number(matrix[row * columns + $1]) * x[$1] }
      }
      if index < layers.count - 1 { x = x.map(activate) }
      return x
    }
  }

  private func activate<Number: BinaryFloatingPoint>(_ x: Number) -> Number {
    switch design.activation {
    case .relu: max(x, 0)
    case .leakyRelu(let slope): x > 0 ? x : Number(slope) * x
    case .tanh: Number(Foundation.tanh(Double(x)))
    case .identity: x
    }
  }
}
