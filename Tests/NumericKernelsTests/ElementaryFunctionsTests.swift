import Foundation
import NumericKernels
import Testing

/// The C library's functions are accurate to about one unit in the last place of `Double`
/// (2.2e-16 relative); ours are allowed ten of them, 2.2e-15: six orders of magnitude below the
/// half unit of `Float` that the callers round to.
@Suite struct ElementaryFunctionsTests {
  let tolerance = 2.2e-15

  func expectClose(_ value: Double, _ reference: Double, _ argument: Double) {
    #expect(
      abs(value - reference) <= tolerance * abs(reference), "at \(argument): \(value), \(reference)"
    )
  }

  @Test func logarithm() {
    var arguments = [0x1p-1022, 1e-300, 0x1p-32, 0.5, 1.5, 2, 1e300, 1 - 0x1p-32, 1 + 0x1p-40]
    let root = 0.5.squareRoot()
    arguments += [root, root.nextDown, 2 * root, (2 * root).nextUp]
    arguments += (1...2000).map { Double($0) * 0.001 }
    for x in arguments {
      expectClose(Elementary.log(SIMD8(repeating: x))[3], Foundation.log(x), x)
    }
    #expect(Elementary.log(SIMD8(repeating: 1)) == SIMD8(repeating: 0))
  }

  @Test func squareRoot() {
    for x in [0x1p-1022, 1e-300, 1e-20, 0.25, 0.5, 1, 2, 3, 4, 44.36, 1e9, 1e300] {
      for factor in [1, 1.1, 1.9, 2.7, 3.9] {
        expectClose(
          Elementary.squareRoot(SIMD8(repeating: x * factor))[1], (x * factor).squareRoot(), x)
      }
    }
    #expect(Elementary.squareRoot(SIMD8(repeating: 0)) == SIMD8(repeating: 0))
  }

  @Test func expMinusOne() {
    var arguments = [-745, -700, -37, -1, -1e-20, 1e-300, 1e-9, 0.34, 0.35, 0.69, 1, 700, 709]
    arguments += (-2000...2000).map { Double($0) * 0.01 }
    for x in arguments {
      expectClose(Elementary.expMinusOne(SIMD8(repeating: x))[5], Foundation.expm1(x), x)
    }
    #expect(Elementary.expMinusOne(SIMD8(repeating: 0)) == SIMD8(repeating: 0))
  }

  @Test func hyperbolicTangent() {
    var arguments = [-1e300, -30, -20, 1e-300, 1e-20, 1e-8, 0.17, 19.9, 20.1, 1e9]
    arguments += (-1000...1000).map { Double($0) * 0.01 }
    for x in arguments {
      expectClose(Elementary.tanh(SIMD8(repeating: x))[0], Foundation.tanh(x), x)
    }
  }

  @Test func cosineAndSineOfTurns() {
    var words: [UInt64] = [0, 1, 2, 0x3fff_ffff, 0x4000_0000, 0x4000_0001, 0x8000_0000]
    words += [0xbfff_ffff, 0xc000_0000, 0xffff_ffff, 0x2000_0000, 0x1fff_ffff, 0x6000_0000]
    words += (0..<4096).map { $0 << 20 | $0 }
    for w in words {
      let (cos, sin) = Elementary.cosSin(turns: SIMD8(repeating: w))
      // The reference reduces to half a quadrant exactly before it rounds the angle.
      let quadrant = (w + 0x2000_0000) >> 30
      let angle = (Double(w) - Double(quadrant) * 0x1p30) * (Double.pi * 0x1p-31)
      let (c, s) = (Foundation.cos(angle), Foundation.sin(angle))
      let expected = [(c, s), (-s, c), (-c, -s), (s, -c)][Int(quadrant & 3)]
      expectClose(cos[7], expected.0, Double(w))
      expectClose(sin[7], expected.1, Double(w))
    }
  }

  @Test func lanesDoNotInteract() {
    let x = SIMD8<Double>(0.1, 0.2, 0.9, 1, 1.1, 5, 1e-5, 1e5)
    for lane in 0..<8 {
      #expect(Elementary.log(x)[lane] == Elementary.log(SIMD8(repeating: x[lane]))[0])
      #expect(Elementary.tanh(x)[lane] == Elementary.tanh(SIMD8(repeating: x[lane]))[0])
    }
  }
}
