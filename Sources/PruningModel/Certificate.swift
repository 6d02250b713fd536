import NumericKernels

/// The certificate: (1) of the theory filled with realised norms, an upper bound of the ball error
/// of this very pair of networks,
///
///     sup_{‖x‖≤1} ‖F(x) − f(x)‖ ≤ L^{l−1} Σ_{k∈P} (Π_{j<k} ‖w_j‖) ‖Δ_k‖ (Π_{j>k} ‖W_j‖).
///
/// Every norm is a true upper bound (`SpectralNorm`, `ConvolutionNorm`), at most 1.01 times the norm, or
/// for a convolution padded with zeros, times that of the larger grid that wraps around.
enum Certificate {
  /// - Parameters:
  ///   - network: the layers.
  ///   - lipschitz: L.
  static func bound(_ network: ArraySlice<PrunedLayer>, lipschitz: Double) -> Double {
    let pruned = network.indices.filter { network[$0].isPruned }
    guard let first = pruned.first, let last = pruned.last else { return 0 }
    // Norms that no term needs are not computed.
    let full = network.indices.map { index in
      index > first || !network[index].isPruned
        ? network[index].normUpperBound(.full) : 1
    }
    let kept = network.indices.map { index in
      network[index].isPruned && index < last
        ? network[index].normUpperBound(.kept) : full[index - network.startIndex]
    }
    var sum = 0.0
    for k in pruned {
      let place = k - network.startIndex
      sum +=
        kept[..<place].reduce(1, *) * network[k].normUpperBound(.pruned)
        * full[(place + 1)...].reduce(1, *)
    }
    let power = (1..<network.count).reduce(1.0) { product, _ in product * lipschitz }
    // The roundings of these few products and sums, below 2⁻⁵³ each.
    return sum * power * (1 + Double(4 * network.count) * 0x1p-52)
  }
}
