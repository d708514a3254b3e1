// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "nnrepl",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "nnrepl", targets: ["nnrepl"]),
    .library(name: "NNLanguage", targets: ["NNLanguage", "NNCore"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // Numbers: BLAS, LAPACK and vector maths behind a thin C face.
    // OpenBLAS is opened when it is first needed: linked, it would cost every start several ms on Linux.
    .target(
      name: "CNumerics",
      linkerSettings: [
        .linkedLibrary("dl", .when(platforms: [.linux])),
        .linkedLibrary("mvec", .when(platforms: [.linux])),
        .linkedLibrary("m", .when(platforms: [.linux])),
        .linkedFramework("Accelerate", .when(platforms: [.macOS])),
      ]
    ),
    .target(name: "NNCore", dependencies: ["CNumerics"], swiftSettings: strict),

    // Files: bytes to values and back.
    // libzip is loaded when an archive is first opened: linked, it would cost every start 2 ms on Linux.
    .target(
      name: "CZip",
      linkerSettings: [
        .linkedLibrary("dl", .when(platforms: [.linux])),
        .linkedLibrary("zip", .when(platforms: [.macOS])),
      ]
    ),
    .target(name: "NNFormats", dependencies: ["NNCore", "CZip"], swiftSettings: strict),

    // Text and values: the embeddable language.
    .target(name: "NNLanguage", dependencies: ["NNCore", "NNFormats"], swiftSettings: strict),

    // Terminals.
    .target(name: "CEditline", linkerSettings: [.linkedLibrary("edit")]),
    .target(name: "LineEditing", dependencies: ["CEditline"], swiftSettings: strict),

    .executableTarget(
      name: "nnrepl",
      dependencies: [
        "NNLanguage", "LineEditing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict
    ),

    // For tests only: a driver of pseudo-terminals, and a program for it to drive.
    .target(name: "TerminalSupport", path: "Tests/TerminalSupport", swiftSettings: strict),
    .executableTarget(
      name: "EditingDemo", dependencies: ["LineEditing"], path: "Tests/EditingDemo", swiftSettings: strict),

    .testTarget(
      name: "NNCoreTests", dependencies: ["NNCore"], exclude: ["Optimisers/record_steps.py"],
      swiftSettings: strict),
    .testTarget(
      name: "NNFormatsTests",
      dependencies: ["NNFormats"],
      resources: [.copy("Resources")],
      swiftSettings: strict
    ),
    .testTarget(
      name: "NNLanguageTests", dependencies: ["NNLanguage"],
      exclude: [
        "Diagnostics/SyntaxErrors.txt", "Differential/octave.tsv", "Explain/Programs",
        "Explain/explained.tsv", "Training/record_networks.py",
      ], swiftSettings: strict),
    // As a package that depends on this one: through the public interface alone.
    .testTarget(name: "HostTests", dependencies: ["NNLanguage", "NNCore"], swiftSettings: strict),
    .testTarget(
      name: "LineEditingTests", dependencies: ["LineEditing", "TerminalSupport", "EditingDemo"],
      swiftSettings: strict),
    .testTarget(
      name: "CommandTests", dependencies: ["nnrepl", "NNLanguage", "TerminalSupport"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
