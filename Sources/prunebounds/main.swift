import Foundation

// A file-size limit is then an error of the write that meets it, reported like a full disk.
signal(SIGXFSZ, SIG_IGN)

do throws(CommandError) {
  exit(try Command.run(Array(CommandLine.arguments.dropFirst())).rawValue)
} catch {
  Terminal.writeError("prunebounds: \(error.message)\n")
  exit(error.code.rawValue)
}
