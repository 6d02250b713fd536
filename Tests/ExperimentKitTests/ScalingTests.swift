import Foundation
import PruningModel
import Testing

@testable import ExperimentKit

@Suite struct ScalingTests {
  /// Trials whose errors all are the given function of the hidden width.
  func fits(
    _ replaced: [String: String], _ error: (_ width: Double) -> Double
  ) throws -> [Scaling] {
    let configuration = try Example.configuration(replaced.merging(["trials": "3"]) { $1 })
    let records = configuration.cells.enumerated().flatMap { index, cell in
      (0..<3).map { trial in
        let value = error(Double(cell.design.widths[1]))
        return TrialRecord(
          cell: index, trial: trial,
          outcome: .success(
            .errors(TrialErrors(point: value, rootMeanSquare: value, maximum: 2 * value))))
      }
    }
    return Scaling.all(of: try CellSummary.all(of: configuration, records: records))
  }

  static let widths = #"{"network.hiddenWidth": [8, 16, 64]}"#

  @Test func aPowerLawIsFittedExactly() throws {
    let fits = try fits(["grid": Self.widths]) { 5 * pow($0, -0.75) }
    #expect(
      fits.map(\.quantity) == [
        "rms_error", "point_error_quantile", "max_error_quantile", "ball_bound", "point_bound",
      ])
    #expect(fits[0].parameters[1] == "4 d d 3" && fits[0].widths == 3)
    #expect(abs(fits[0].slope + 0.75) < 1e-12)
    #expect(try #require(fits[0].slopeError) < 1e-12)
    // α = 0.3: with input and output fixed −α − ½ for errors, −α for the ball bound.
    #expect(fits[0].expectedSlope == -0.8 && fits[3].expectedSlope == -0.3)
    #expect(fits[2].expectedSlope == nil)
    // C d^−0.3 covers 5 d^−0.75 at the smallest width.
    #expect(abs(fits[0].paperConstant - 5 * pow(8, -0.45)) < 1e-12)
  }

  /// Ordinary least squares by hand: ln d = ln 8 + (0, 1, 3) ln 2, ln e = (0, −1, −2) ln 2. Slope
  /// −9/14; residuals (−2, 3, −1)/14·ln 2 …: s² = RSS/1, se = √(s²/Sxx).
  @Test func theStandardErrorIsThatOfTheResiduals() throws {
    let values: [Double: Double] = [8: 1, 16: 0.5, 64: 0.25]
    let fit = try #require(try fits(["grid": Self.widths]) { values[$0]! }.first)
    let x = [0.0, 1, 3]
    let y = [0.0, -1, -2]
    let sxx = 42.0 / 9
    let slope = -9.0 / 14
    let residuals = zip(x, y).map { $1 + 1 - slope * ($0 - 4.0 / 3) }
    let error = (residuals.reduce(0) { $0 + $1 * $1 } / sxx).squareRoot()
    #expect(abs(fit.slope - slope) < 1e-12)
    #expect(abs(try #require(fit.slopeError) - error) < 1e-12)
  }

  @Test func otherParametersMakeGroups() throws {
    let grid = #"{"network.hiddenWidth": [8, 16], "pruning.method": ["random", "magnitude"]}"#
    let fits = try fits(["grid": grid]) { pow($0, -1) }
    #expect(fits.count == 10)
    #expect(Set(fits.map { $0.parameters[8] }) == ["random", "magnitude"])
    #expect(fits.first { $0.parameters[8] == "magnitude" }?.expectedSlope == -0.3 * 3 - 0.5)
    #expect(fits.allSatisfy { $0.slopeError == nil })
  }

  @Test func equalWidthsHaveTheirOwnExponents() throws {
    let network = #"{"kind": "fullyConnected", "widths": [8, 8, 8, 8]}"#
    let grid = #"{"network.widths": [[8, 8, 8, 8], [16, 16, 16, 16]]}"#
    let fits = try fits(["network": network, "grid": grid]) { 1 / $0 }
    #expect(fits[0].parameters[1] == "d d d d" && fits[0].expectedSlope == -0.3)
  }

  @Test func nothingToFit() throws {
    #expect(try fits([:]) { $0 }.isEmpty)
    #expect(try fits(["grid": #"{"pruning.alpha": [0.1, 0.2]}"#]) { $0 }.isEmpty)
    #expect(try fits(["grid": #"{"network.hiddenLayers": [2, 3]}"#]) { $0 }.isEmpty)
    // An error of 0 has no logarithm.
    #expect(!(try fits(["grid": Self.widths]) { _ in 0 }).contains { $0.quantity == "rms_error" })
  }
}
