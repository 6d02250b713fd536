/// Convolutions of a batch of images, strip by strip through the product kernel.
///
/// Entry (o, y, x) is the chain of fused multiply-adds over channel, row and column of the kernel in this
/// order, started at 0; beyond an edge of zeros its terms are 0. As for `MatrixProduct`, strips and tiles
/// never change a bit.
public enum ConvolutionProduct {
  /// The scratch memory of a call, in vectors.
  public static func scratch(_ patches: ImagePatches) -> Int {
    patches.size * ImagePatches.stripWidth
  }

  /// product = weights ∗ images.
  ///
  /// - Parameters:
  ///   - weights: outChannels × c·q², row-major; like the others, it may be longer than that.
  ///   - outChannels: the number of output channels.
  ///   - patches: the geometry.
  ///   - images: c·N² × vectors of 16 inputs, row-major.
  ///   - vectors: the number of vectors in a row of the batch.
  ///   - panel: scratch memory.
  ///   - product: outChannels·N² × vectors; overwritten.
  public static func multiply(
    weights: [Float], outChannels: Int, patches: ImagePatches, images: [Lanes], vectors: Int,
    panel: inout [Lanes], into product: inout [Lanes]
  ) {
    precondition(weights.count >= outChannels * patches.size, "no weights of that shape")
    weights.withUnsafeBufferPointer { weights in
      guard let w = weights.baseAddress else { return }
      overStrips(patches, outChannels, images, vectors, &panel, &product) { panel, product, width in
        MatrixProduct.multiply(
          w,
          MatrixProduct.Shape(
            rows: outChannels, terms: patches.size, rowStep: patches.size, termStep: 1,
            vectors: width, batchStep: width,
            productStep: patches.grid * patches.grid * vectors),
          panel, into: product)
      }
    }
  }

  /// product = sparse ∗ images, `sparse` the kernel's pruned entries as rows of c·q²: entry by entry,
  /// each a multiple of the moved images.
  public static func multiply(
    sparse: borrowing SparseRows, patches: ImagePatches, images: [Lanes], vectors: Int,
    into product: inout [Lanes]
  ) {
    let step = patches.grid * patches.grid * vectors
    let starts = sparse.rowStarts
    precondition(
      sparse.width == patches.size && images.count >= patches.channels * step
        && product.count >= (starts.count - 1) * step, "no batch of that shape")
    images.withUnsafeBufferPointer { images in
      product.withUnsafeMutableBufferPointer { product in
        guard let x = images.baseAddress, let out = product.baseAddress else { return }
        for index in 0..<(starts.count - 1) * step { out[index] = .zero }
        for row in 0..<starts.count - 1 {
          for entry in starts[row]..<starts[row + 1] {
            patches.addTap(
              sparse.values[entry], Int(sparse.columns[entry]), x, vectors: vectors,
              to: out + row * step)
          }
        }
      }
    }
  }

  /// images += weightsᵀ ∗ batch, or of sparse rows: the transposed convolution.
  ///
  /// - Parameters:
  ///   - weights: as for `multiply`; nil for none.
  ///   - sparse: pruned entries; nil for none.
  ///   - batch: outChannels·N² × vectors.
  ///   - images: c·N² × vectors.
  public static func addTransposed(
    weights: [Float]?, sparse: borrowing SparseRows?, outChannels: Int, patches: ImagePatches,
    batch: [Lanes], vectors: Int, panel: inout [Lanes], to images: inout [Lanes]
  ) {
    let (step, area) = (patches.grid * patches.grid * vectors, patches.grid * vectors)
    precondition(
      batch.count >= outChannels * step && images.count >= patches.channels * step
        && panel.count >= scratch(patches), "no batch of that shape")
    batch.withUnsafeBufferPointer { batch in
      images.withUnsafeMutableBufferPointer { images in
        panel.withUnsafeMutableBufferPointer { panel in
          guard let b = batch.baseAddress, let g = images.baseAddress, let p = panel.baseAddress
          else { return }
          patches.forEachStrip(vectors: vectors) { y, start, width in
            let source = b + (y &* area &+ start)
            if let weights {
              weights.withUnsafeBufferPointer { weights in
                guard let w = weights.baseAddress else { return }
                MatrixProduct.multiply(
                  w,
                  MatrixProduct.Shape(
                    rows: patches.size, terms: outChannels, rowStep: 1, termStep: patches.size,
                    vectors: width, batchStep: step, productStep: width),
                  source, into: p)
              }
            } else {
              for index in 0..<patches.size &* width { p[index] = .zero }
            }
            switch sparse {
            case .some(let rows): rows.addTransposedProduct(with: source, step: step, width, to: p)
            case .none: break
            }
            patches.scatter(p, y, start, width, vectors: vectors, addingTo: g)
          }
        }
      }
    }
  }

  /// Gathers each strip and hands it on with its place in the product.
  @inline(__always)
  private static func overStrips(
    _ patches: ImagePatches, _ outChannels: Int, _ images: [Lanes], _ vectors: Int,
    _ panel: inout [Lanes], _ product: inout [Lanes],
    _ multiply: (
      _ panel: UnsafePointer<Lanes>, _ product: UnsafeMutablePointer<Lanes>, _ width: Int
    ) -> Void
  ) {
    let (step, area) = (patches.grid * patches.grid * vectors, patches.grid * vectors)
    precondition(
      images.count >= patches.channels * step && product.count >= outChannels * step
        && panel.count >= scratch(patches), "no batch of that shape")
    images.withUnsafeBufferPointer { images in
      product.withUnsafeMutableBufferPointer { product in
        panel.withUnsafeMutableBufferPointer { panel in
          guard let x = images.baseAddress, let out = product.baseAddress,
            let p = panel.baseAddress
          else { return }
          patches.forEachStrip(vectors: vectors) { y, start, width in
            patches.gather(x, y, start, width, vectors: vectors, into: p)
            multiply(p, out + (y &* area &+ start), width)
          }
        }
      }
    }
  }
}
