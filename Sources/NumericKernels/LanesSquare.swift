/// Transposes matrices by squares of sixteen rows of sixteen numbers. Rows are named one by one, so that
/// they stay in registers.
public struct LanesSquare {
  private var r0: Lanes, r1: Lanes, r2: Lanes, r3: Lanes
  private var r4: Lanes, r5: Lanes, r6: Lanes, r7: Lanes
  private var r8: Lanes, r9: Lanes, r10: Lanes, r11: Lanes
  private var r12: Lanes, r13: Lanes, r14: Lanes, r15: Lanes

  /// From its rows.
  @inline(__always)
  private init(_ row: (Int) -> Lanes) {
    (r0, r1, r2, r3) = (row(0), row(1), row(2), row(3))
    (r4, r5, r6, r7) = (row(4), row(5), row(6), row(7))
    (r8, r9, r10, r11) = (row(8), row(9), row(10), row(11))
    (r12, r13, r14, r15) = (row(12), row(13), row(14), row(15))
  }

  /// Makes rows of the columns by four perfect shuffles, in each of which row i meets row i + 8.
  @inline(__always)
  private mutating func transpose() {
    for _ in 0..<4 { shuffle() }
  }

  @inline(__always)
  private mutating func shuffle() {
    let (s0, s1) = Lanes.interleaved(r0, r8)
    let (s2, s3) = Lanes.interleaved(r1, r9)
    let (s4, s5) = Lanes.interleaved(r2, r10)
    let (s6, s7) = Lanes.interleaved(r3, r11)
    let (s8, s9) = Lanes.interleaved(r4, r12)
    let (s10, s11) = Lanes.interleaved(r5, r13)
    let (s12, s13) = Lanes.interleaved(r6, r14)
    let (s14, s15) = Lanes.interleaved(r7, r15)
    (r0, r1, r2, r3) = (s0, s1, s2, s3)
    (r4, r5, r6, r7) = (s4, s5, s6, s7)
    (r8, r9, r10, r11) = (s8, s9, s10, s11)
    (r12, r13, r14, r15) = (s12, s13, s14, s15)
  }

  /// Hands out the rows in order.
  @inline(__always)
  private func forEachRow(_ body: (Int, Lanes) -> Void) {
    body(0, r0)
    body(1, r1)
    body(2, r2)
    body(3, r3)
    body(4, r4)
    body(5, r5)
    body(6, r6)
    body(7, r7)
    body(8, r8)
    body(9, r9)
    body(10, r10)
    body(11, r11)
    body(12, r12)
    body(13, r13)
    body(14, r14)
    body(15, r15)
  }
}

extension Lanes {
  /// a₀, b₀, a₁, b₁, … in two vectors.
  @inline(__always)
  fileprivate static func interleaved(_ a: Lanes, _ b: Lanes) -> (Lanes, Lanes) {
    (
      Lanes(
        a[0], b[0], a[1], b[1], a[2], b[2], a[3], b[3], a[4], b[4], a[5], b[5], a[6], b[6], a[7],
        b[7]),
      Lanes(
        a[8], b[8], a[9], b[9], a[10], b[10], a[11], b[11], a[12], b[12], a[13], b[13], a[14],
        b[14], a[15], b[15])
    )
  }
}

extension LanesSquare {
  /// Turns points, row by row, into a batch of columns.
  ///
  /// - Parameters:
  ///   - rows: count × width, row-major.
  ///   - width: the points' dimension.
  ///   - batch: receives width × vectors, vectors = ⌈count/16⌉; columns beyond the last point are 0.
  public static func transpose(_ rows: [Float], width: Int, into batch: inout Batch) {
    let count = rows.count / width
    let vectors = Lanes.vectors(holding: count)
    precondition(rows.count == count * width && batch.count >= width * vectors, "no such batch")
    rows.withUnsafeBufferPointer { points in
      guard let points = points.baseAddress else { return }
      transpose(
        points, step: width, height: count, width: width, into: batch.base, step: vectors)
    }
  }

  /// Writes the transpose of a matrix, its rows filled up with zeros to whole vectors.
  ///
  /// - Parameters:
  ///   - source: height × width.
  ///   - sourceStep: how many numbers each next row is further.
  ///   - height: the number of rows.
  ///   - width: the number of columns.
  ///   - target: width × ⌈height/16⌉ vectors.
  ///   - targetStep: how many vectors each next row is further.
  @inline(never)
  static func transpose(
    _ source: UnsafePointer<Float>, step sourceStep: Int, height: Int, width: Int,
    into target: UnsafeMutablePointer<Lanes>, step targetStep: Int
  ) {
    // Rows outside: of a large matrix, each lies on a page of its own.
    for row in stride(from: 0, to: height, by: Lanes.width) {
      let rows = min(Lanes.width, height &- row)
      for column in stride(from: 0, to: width, by: Lanes.width) {
        let columns = min(Lanes.width, width &- column)
        let corner = source + (row &* sourceStep &+ column)
        let place = target + (column &* targetStep &+ row / Lanes.width)
        if rows == Lanes.width && columns == Lanes.width {
          var square = LanesSquare {
            UnsafeRawPointer(corner + $0 &* sourceStep).loadUnaligned(as: Lanes.self)
          }
          square.transpose()
          square.forEachRow { index, values in place[index &* targetStep] = values }
        } else {
          edge(corner, sourceStep, rows, columns, place, targetStep)
        }
      }
    }
  }

  /// The transpose of a part of a square.
  private static func edge(
    _ corner: UnsafePointer<Float>, _ sourceStep: Int, _ rows: Int, _ columns: Int,
    _ place: UnsafeMutablePointer<Lanes>, _ targetStep: Int
  ) {
    for column in 0..<columns {
      var values = Lanes.zero
      for row in 0..<rows { values[row] = corner[row &* sourceStep &+ column] }
      place[column &* targetStep] = values
    }
  }
}
