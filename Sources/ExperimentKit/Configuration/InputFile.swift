import Foundation

/// Inputs given as a file: rows of comma-separated numbers, one point of norm at most 1 a row.
struct InputFile {
  /// count × width, row-major.
  let values: [Float]
  /// The 64-bit FNV-1a hash of the file's content: part of the identity of what is measured.
  let hash: String

  /// Bytes; at 10 a number that is 100 million numbers.
  private static let limit = 1 << 30

  /// - Parameters:
  ///   - reader: the path, relative to the working directory.
  ///   - width: the network's input width, the number of columns.
  ///   - count: the number of rows taken, from the first.
  init(_ reader: JSONReader, width: Int, count: Int) throws(ConfigurationError) {
    let path = try reader.string()
    let data: Data
    do throws(BoundedFile.Failure) {
      data = try BoundedFile.contents(path, limit: Self.limit)
    } catch {
      throw reader.error(
        "cannot read \(path)" + (error == .tooLarge ? ", it is larger than 1 GiB" : "")
          + "; give the path of a file with one input a row")
    }
    let text = String(decoding: data, as: UTF8.self)
    let rows = text.split(whereSeparator: \.isNewline)
    guard rows.count >= count else {
      throw reader.error("\(path) has \(rows.count) rows, inputs.count asks for \(count)")
    }
    var values: [Float] = []
    for (index, row) in rows.prefix(count).enumerated() {
      let fields = row.split(separator: ",", omittingEmptySubsequences: false).map {
        Float($0.trimmingCharacters(in: .whitespaces))
      }
      let numbers = fields.compactMap { $0 }.filter(\.isFinite)
      guard numbers.count == width && fields.count == width else {
        throw reader.error("\(path): line \(index + 1) is not \(width) numbers, the input width")
      }
      let norm = numbers.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      // Rounding the coordinates of a unit vector to Float moves its norm by at most 6e-8.
      guard norm <= 1 + 1e-6 else {
        throw reader.error("\(path): line \(index + 1) has norm \(norm); expected at most 1")
      }
      values += numbers
    }
    self.values = values
    hash = FNV1a.hexadecimal64(data)
  }
}
