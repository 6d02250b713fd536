import ExperimentKit
import PruningModel

/// What the bounds of an experiment assume, in words, and which of its cells satisfy it.
struct HypothesesText {
  private let cells: [Cell]

  init(_ configuration: Configuration) { cells = configuration.cells }

  /// A sentence or two each.
  var paragraphs: [String] {
    cells[0].kind == .network
      ? [network, weights, pruning, inputs, convolutions, outside].compactMap { $0 }
      : [matrix, weights, pruning, outside].compactMap { $0 }
  }

  /// What differs between cells, each once, in the order of the cells.
  private func distinct(_ value: (Cell) -> String) -> String {
    var seen: [String] = []
    for text in cells.map(value) where !seen.contains(text) { seen.append(text) }
    return seen.joined(separator: ", ")
  }

  private var network: String {
    "Network: F(x) = W_l σ(W_(l−1) σ(… σ(W_1 x))) without biases; σ is Lipschitz with σ(0) = 0 (here "
      + distinct { $0.design.activation.name } + "). The last layer has no activation."
  }

  private var matrix: String {
    "Matrix: one random matrix a trial; every bound is at failure probability δ by itself."
  }

  private var weights: String {
    "Weights: independent, of one law in each layer, of mean 0 and symmetric, and dominated in convex "
      + "order by a gaussian, as uniform, gaussian and rademacher weights are (here "
      + distinct { $0.design.law.name } + ")."
  }

  private var pruning: String {
    let methods = Set(cells.map(\.design.pruning.method))
    var text = "Pruning: each pruned layer of D weights loses exactly ⌊D^(1−α)⌋ of them."
    if methods.contains(.random) {
      text += " Random: a uniformly random set, independent of weights and inputs."
    }
    if methods.contains(.magnitude) {
      text +=
        " Magnitude: those of the smallest absolute value; the law is continuous and unimodal (32-bit "
        + "weights tie now and then, which is an approximation)."
    }
    return text
  }

  private var inputs: String {
    "Inputs: bounds over the ball hold for all inputs of norm at most 1 at once; bounds at one input for "
      + "any that does not depend on weights and masks."
  }

  private var convolutions: String? {
    cells.contains(where: \.isConvolutional)
      ? "Convolutions: of stride 1 and odd kernels; the sharp point and the net ball bound are not proved "
        + "for them and left out." : nil
  }

  private var outside: String? {
    let count = cells.count { !$0.satisfiesHypotheses }
    return count > 0
      ? "\(count) of \(cells.count) cells are outside the hypotheses: their law has heavier tails. Their "
        + "bounds are those of gaussian weights of the same variance, for comparison; nothing is judged."
      : nil
  }
}
