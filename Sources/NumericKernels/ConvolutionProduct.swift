/// The scratch memory of convolutions.
public struct ConvolutionScratch: ~Copyable, Sendable {
  /// The patches of a strip, or tiles.
  fileprivate var panel = Batch()
  /// A kernel made ready for `WinogradProduct`.
  fileprivate var kernel: [Float] = []
  /// Images with their edges, and where in them the taps of pruned weights lie.
  fileprivate var padded = Batch()
  fileprivate var offsets: [Int] = []

  /// No memory; it grows as asked.
  public init() {}

  /// The memory that a convolution of a batch takes, in bytes, but for the offsets of pruned weights.
  public static func bytes(_ patches: ImagePatches, outChannels: Int, vectors batch: Int) -> Int {
    let (floats, vectors) = sizes(patches, outChannels)
    return floats * 4 + (vectors + patches.paddedCount(batch)) * MemoryLayout<Lanes>.stride
  }

  /// The numbers of a kernel made ready, and the vectors of strips or tiles.
  private static func sizes(_ patches: ImagePatches, _ outChannels: Int) -> (Int, Int) {
    let strip = patches.size * ImagePatches.stripWidth
    guard WinogradProduct.applies(patches, outChannels: outChannels) else { return (0, strip) }
    let more = WinogradProduct.scratch(patches, outChannels: outChannels)
    return (more.kernel, max(strip, more.tiles))
  }

  /// Makes room for a convolution of a batch.
  public mutating func reserve(_ patches: ImagePatches, outChannels: Int, vectors batch: Int) {
    let (floats, vectors) = Self.sizes(patches, outChannels)
    panel.reserve(vectors)
    kernel.resize(to: max(kernel.count, floats), filledWith: 0)
    padded.reserve(patches.paddedCount(batch))
  }
}

/// Convolutions of a batch of images through the product kernel.
///
/// Entry (o, y, x) is the chain of fused multiply-adds over channel, row and column of the kernel in this
/// order, started at 0; beyond an edge of zeros its terms are 0. As for `MatrixProduct`, strips and tiles
/// never change a bit. Kernels of side 3 between channels enough go through `WinogradProduct` instead.
public enum ConvolutionProduct {
  /// product = weights ∗ images.
  ///
  /// - Parameters:
  ///   - weights: outChannels × c·q², row-major; like the others, it may be longer than that.
  ///   - outChannels: the number of output channels.
  ///   - patches: the geometry.
  ///   - images: c·N² × vectors of 16 inputs, row-major.
  ///   - vectors: the number of vectors in a row of the batch.
  ///   - scratch: with room for this convolution.
  ///   - product: outChannels·N² × vectors; overwritten.
  public static func multiply(
    weights: [Float], outChannels: Int, patches: ImagePatches, images: borrowing Batch,
    vectors: Int,
    scratch: inout ConvolutionScratch, into product: inout Batch
  ) {
    precondition(weights.count >= outChannels * patches.size, "no weights of that shape")
    if WinogradProduct.applies(patches, outChannels: outChannels) {
      multiplyTiles(weights, outChannels, patches, images, vectors, &scratch, &product)
    } else {
      multiplyDirectly(weights, outChannels, patches, images, vectors, &scratch, &product)
    }
  }

  private static func multiplyTiles(
    _ weights: [Float], _ outChannels: Int, _ patches: ImagePatches, _ images: borrowing Batch,
    _ vectors: Int, _ scratch: inout ConvolutionScratch, _ product: inout Batch
  ) {
    let step = patches.grid * patches.grid * vectors
    let room = WinogradProduct.scratch(patches, outChannels: outChannels)
    precondition(
      images.count >= patches.channels * step && product.count >= outChannels * step
        && scratch.panel.count >= room.tiles && scratch.kernel.count >= room.kernel,
      "no batch of that shape")
    weights.withUnsafeBufferPointer { weights in
      images.withUnsafeBufferPointer { images in
        product.withUnsafeMutableBufferPointer { product in
          scratch.panel.withUnsafeMutableBufferPointer { panel in
            scratch.kernel.withUnsafeMutableBufferPointer { kernel in
              guard let w = weights.baseAddress, let x = images.baseAddress,
                let out = product.baseAddress, let tiles = panel.baseAddress,
                let turned = kernel.baseAddress
              else { return }
              WinogradProduct.multiply(
                w, outChannels: outChannels, patches, x, vectors: vectors, kernel: turned,
                tiles: tiles, into: out)
            }
          }
        }
      }
    }
  }

  /// The chain itself, strip by strip.
  static func multiplyDirectly(
    _ weights: [Float], _ outChannels: Int, _ patches: ImagePatches, _ images: borrowing Batch,
    _ vectors: Int, _ scratch: inout ConvolutionScratch, _ product: inout Batch
  ) {
    weights.withUnsafeBufferPointer { weights in
      guard let w = weights.baseAddress else { return }
      overStrips(patches, outChannels, images, vectors, &scratch.panel, &product) {
        panel, product, width in
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

  /// product = sparse ∗ images, `sparse` the kernel's pruned entries as rows of c·q².
  public static func multiply(
    sparse: borrowing SparseRows, patches: ImagePatches, images: borrowing Batch, vectors: Int,
    scratch: inout ConvolutionScratch, into product: inout Batch
  ) {
    let step = patches.grid * patches.grid * vectors
    let starts = sparse.rowStarts
    precondition(
      sparse.width == patches.size && images.count >= patches.channels * step
        && product.count >= (starts.count - 1) * step
        && scratch.padded.count >= patches.paddedCount(vectors), "no batch of that shape")
    guard !sparse.values.isEmpty else {
      for index in 0..<(starts.count - 1) * step { product[index] = .zero }
      return
    }
    patches.offsets(of: sparse.columns, vectors: vectors, into: &scratch.offsets)
    images.withUnsafeBufferPointer { images in
      scratch.padded.withUnsafeMutableBufferPointer { padded in
        guard let x = images.baseAddress, let target = padded.baseAddress else { return }
        patches.pad(x, vectors: vectors, into: target)
      }
    }
    scratch.padded.withUnsafeBufferPointer { padded in
      scratch.offsets.withUnsafeBufferPointer { offsets in
        sparse.values.withUnsafeBufferPointer { values in
          product.withUnsafeMutableBufferPointer { product in
            guard let x = padded.baseAddress, let offset = offsets.baseAddress,
              let value = values.baseAddress, let out = product.baseAddress
            else { return }
            for row in 0..<starts.count - 1 {
              for y in 0..<patches.grid {
                patches.sumTaps(
                  starts[row]..<starts[row + 1], offset, value, x, vectors: vectors, y: y,
                  into: out + (row * step + y * patches.grid * vectors))
              }
            }
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
  ///   - outChannels: the output channels of the kernel.
  ///   - patches: of the images.
  ///   - batch: outChannels·N² × vectors.
  ///   - vectors: sixteen inputs each.
  ///   - scratch: reserved for these shapes.
  ///   - images: c·N² × vectors.
  public static func addTransposed(
    weights: [Float]?, sparse: borrowing SparseRows?, outChannels: Int, patches: ImagePatches,
    batch: borrowing Batch, vectors: Int, scratch: inout ConvolutionScratch, to images: inout Batch
  ) {
    let (step, area) = (patches.grid * patches.grid * vectors, patches.grid * vectors)
    precondition(
      batch.count >= outChannels * step && images.count >= patches.channels * step
        && scratch.panel.count >= patches.size * ImagePatches.stripWidth, "no batch of that shape")
    batch.withUnsafeBufferPointer { batch in
      images.withUnsafeMutableBufferPointer { images in
        scratch.panel.withUnsafeMutableBufferPointer { panel in
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
    _ patches: ImagePatches, _ outChannels: Int, _ images: borrowing Batch, _ vectors: Int,
    _ panel: inout Batch, _ product: inout Batch,
    _ multiply: (
      _ panel: UnsafePointer<Lanes>, _ product: UnsafeMutablePointer<Lanes>, _ width: Int
    ) -> Void
  ) {
    let (step, area) = (patches.grid * patches.grid * vectors, patches.grid * vectors)
    precondition(
      images.count >= patches.channels * step && product.count >= outChannels * step
        && panel.count >= patches.size * ImagePatches.stripWidth, "no batch of that shape")
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
