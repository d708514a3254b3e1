// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "nnrepl",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "nnrepl", targets: ["nnrepl"]),
    .library(name: "NNLanguage", targets: ["NNLanguage"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
  ],
  targets: [
    // Numbers: BLAS, LAPACK and vector maths behind a thin C face.
    .target(
      name: "CNumerics",
      linkerSettings: [
        .linkedLibrary("openblas", .when(platforms: [.linux])),
        .linkedLibrary("mvec", .when(platforms: [.linux])),
        .linkedFramework("Accelerate", .when(platforms: [.macOS])),
      ]
    ),
    .target(name: "NNCore", dependencies: ["CNumerics"], swiftSettings: strict),

    // Files: bytes to values and back.
    .target(name: "CZip", linkerSettings: [.linkedLibrary("zip")]),
    .target(
      name: "NNFormats",
      dependencies: ["NNCore", "CZip", .product(name: "SwiftCSV", package: "SwiftCSV")],
      swiftSettings: strict
    ),

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

    .testTarget(name: "NNCoreTests", dependencies: ["NNCore"], swiftSettings: strict),
    .testTarget(name: "NNFormatsTests", dependencies: ["NNFormats"], swiftSettings: strict),
    .testTarget(
      name: "NNLanguageTests", dependencies: ["NNLanguage"], exclude: ["Diagnostics/SyntaxErrors.txt"],
      swiftSettings: strict),
    .testTarget(name: "LineEditingTests", dependencies: ["LineEditing"], swiftSettings: strict),
    .testTarget(name: "CommandTests", dependencies: ["nnrepl"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
