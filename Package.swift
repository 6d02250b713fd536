// swift-tools-version: 6.2
import PackageDescription

/// The processor to build for: `native`, or for example `x86-64-v3` for a portable program
/// (same bytes in every result), or empty for the compiler's own default.
let processor = Context.environment["PRUNEBOUNDS_MARCH"] ?? "native"

/// Every target is built for the same processor, because the calling convention of a SIMD value
/// depends on it, and optimised even for tests, because the tests run real experiments.
let settings: [SwiftSetting] = [
  .unsafeFlags(["-O"] + (processor.isEmpty ? [] : ["-Xcc", "-march=\(processor)"])),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, uses dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
  _ name: String, uses dependencies: [Target.Dependency], fixtures: Bool = false
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies,
    resources: fixtures ? [.copy("Fixtures")] : [], swiftSettings: settings)
}

let package = Package(
  name: "PruningBounds",
  platforms: [.macOS(.v26)],
  products: [.executable(name: "prunebounds", targets: ["prunebounds"])],
  targets: [
    .target(
      name: "NumericKernels", swiftSettings: settings,
      // The square root of a negative number is left to the C library; all others are inline.
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    library("RandomStreams", uses: ["NumericKernels"]),
    library("PruningBounds"),
    library("PruningModel", uses: ["NumericKernels", "RandomStreams"]),
    library(
      "ExperimentKit",
      uses: ["NumericKernels", "PruningBounds", "PruningModel", "RandomStreams"]),
    library("ExperimentReport", uses: ["ExperimentKit", "PruningBounds", "PruningModel"]),
    .executableTarget(
      name: "prunebounds",
      dependencies: ["ExperimentKit", "ExperimentReport", "PruningBounds", "PruningModel"],
      swiftSettings: settings),
    tests("NumericKernelsTests", uses: ["NumericKernels"]),
    tests("RandomStreamsTests", uses: ["RandomStreams", "NumericKernels"]),
    tests("PruningBoundsTests", uses: ["PruningBounds"], fixtures: true),
    tests("PruningModelTests", uses: ["PruningModel", "RandomStreams", "NumericKernels"]),
    tests(
      "ExperimentKitTests",
      uses: ["ExperimentKit", "PruningBounds", "PruningModel", "RandomStreams"],
      fixtures: true),
    tests(
      "ExperimentReportTests",
      uses: ["ExperimentReport", "ExperimentKit", "PruningBounds", "PruningModel"]),
    tests("PruneboundsTests", uses: ["prunebounds"], fixtures: true),
  ]
)
