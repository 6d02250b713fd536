import Foundation

do throws(CommandError) {
  exit(try Command.run(Array(CommandLine.arguments.dropFirst())).rawValue)
} catch {
  Terminal.writeError("prunebounds: \(error.message)\n")
  exit(error.code.rawValue)
}
