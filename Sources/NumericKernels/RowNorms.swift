/// Euclidean norms of points that are held row by row.
public enum RowNorms {
  /// Scales each row to Euclidean norm 1; a row of zeros stays as it is.
  ///
  /// The factor is computed in double precision; entries are within 0.5001 units of their last place of the
  /// exact product with it, where they are normal numbers.
  ///
  /// - Parameters:
  ///   - points: count × dimension, row-major.
  ///   - dimension: the number of columns, a divisor of the number of entries.
  public static func normalise(_ points: inout [Float], dimension: Int) {
    precondition(points.count % dimension == 0, "the points are not count × \(dimension)")
    let rows = points.count / dimension
    points.withUnsafeMutableBufferPointer { points in
      // All sums of some rows before the first root, which takes long.
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 64) { squares in
        for first in stride(from: 0, to: rows, by: squares.count) {
          let count = min(squares.count, rows - first)
          let block = points.baseAddress! + first * dimension
          for row in 0..<count {
            var sum = SquareSum()
            sum.add(block + row &* dimension, dimension)
            squares[row] = sum.total
          }
          for row in 0..<count {
            let square = squares[row]
            scale(
              block + row &* dimension, dimension, by: square > 0 ? 1 / square.squareRoot() : 0)
          }
        }
      }
    }
  }

  /// The factor in two parts of single precision, so that a product is rounded almost as though it were
  /// computed in double precision.
  @inline(__always)
  private static func scale(_ row: UnsafeMutablePointer<Float>, _ count: Int, by factor: Double) {
    guard factor == 0 || (0x1p-64...0x1p64).contains(factor) else {
      // Parts of it might not be normal numbers.
      for index in 0..<count { row[index] = Float(Double(row[index]) * factor) }
      return
    }
    let high = Float(factor)
    let low = Float(factor - Double(high))
    let (highs, lows) = (Lanes(repeating: high), Lanes(repeating: low))
    let bytes = UnsafeMutableRawPointer(row)
    var index = 0
    while index &+ Lanes.width <= count {
      let x = bytes.loadUnaligned(fromByteOffset: index &* 4, as: Lanes.self)
      bytes.storeBytes(
        of: (x * lows).addingProduct(x, highs), toByteOffset: index &* 4, as: Lanes.self)
      index &+= Lanes.width
    }
    while index < count {
      row[index] = (row[index] * low).addingProduct(row[index], high)
      index &+= 1
    }
  }
}

/// The sum of the squares of numbers of single precision, in double precision: sixteen sums side by side,
/// added in the end.
struct SquareSum {
  private var low = SIMD8<Double>.zero
  private var high = SIMD8<Double>.zero

  /// Adds the squares of sixteen numbers. They are exact, so that it makes no difference that they are fused
  /// with the sum.
  @inline(__always)
  mutating func add(_ x: Lanes) {
    let (y, z) = (Elementary.double(x.lowHalf), Elementary.double(x.highHalf))
    low.addProduct(y, y)
    high.addProduct(z, z)
  }

  /// Adds those of an array.
  @inline(__always)
  mutating func add(_ numbers: UnsafePointer<Float>, _ count: Int) {
    var index = 0
    while index &+ Lanes.width <= count {
      add(UnsafeRawPointer(numbers + index).loadUnaligned(as: Lanes.self))
      index &+= Lanes.width
    }
    guard index < count else { return }
    var rest = Lanes.zero
    for lane in 0..<count &- index { rest[lane] = numbers[index &+ lane] }
    add(rest)
  }

  /// The sum.
  @inline(__always)
  var total: Double {
    let eight = low + high
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }
}
