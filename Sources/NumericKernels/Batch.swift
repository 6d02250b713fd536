/// Numbers for a batch of inputs, sixteen in a vector, such as all inputs' activations of a layer:
/// width × vectors, row-major.
///
/// The vectors lie at multiples of 64 bytes. Elements of an array lie at any multiple of 16, where a
/// vector of AVX-512 mostly spans two cache lines, and its load takes twice as long.
public struct Batch: ~Copyable, @unchecked Sendable {
  // Unchecked, because the memory belongs to this value alone, which cannot be copied.

  @usableFromInline let vectors: UnsafeMutableBufferPointer<Lanes>

  /// Zeros.
  ///
  /// - Parameter count: the number of vectors.
  public init(count: Int = 0) {
    vectors = Self.allocate(count)
    vectors.initialize(repeating: .zero)
  }

  /// Copies of vectors.
  public init(_ lanes: some Collection<Lanes>) {
    vectors = Self.allocate(lanes.count)
    _ = vectors.initialize(fromContentsOf: lanes)
  }

  private static func allocate(_ count: Int) -> UnsafeMutableBufferPointer<Lanes> {
    let stride = MemoryLayout<Lanes>.stride
    return UnsafeMutableRawBufferPointer.allocate(byteCount: count * stride, alignment: stride)
      .bindMemory(to: Lanes.self)
  }

  deinit { vectors.deallocate() }

  /// The first vector; to be used no longer than the batch lives and keeps its size.
  var base: UnsafeMutablePointer<Lanes> { vectors.baseAddress! }

  /// The number of vectors.
  @inlinable public var count: Int { vectors.count }

  /// Grows to a number of vectors, all zero, unless there are as many; memory is never given back.
  public mutating func reserve(_ count: Int) {
    if self.count < count { self = Batch(count: count) }
  }

  /// The vector at a place in 0 ..< count.
  @inlinable public subscript(index: Int) -> Lanes {
    @inline(__always) get {
      precondition(index >= 0 && index < vectors.count, "no such vector")
      return vectors[index]
    }
    @inline(__always) set {
      precondition(index >= 0 && index < vectors.count, "no such vector")
      vectors[index] = newValue
    }
  }

  /// The first vectors.
  public func prefix(_ count: Int) -> [Lanes] { Array(vectors.prefix(count)) }

  @inlinable
  func withUnsafeBufferPointer<R>(_ body: (UnsafeBufferPointer<Lanes>) -> R) -> R {
    body(UnsafeBufferPointer(vectors))
  }

  @inlinable
  mutating func withUnsafeMutableBufferPointer<R>(
    _ body: (UnsafeMutableBufferPointer<Lanes>) -> R
  ) -> R {
    body(vectors)
  }
}
