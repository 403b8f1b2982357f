// swift-tools-version: 6.1
import PackageDescription

// A package of its own, since all of it is built with a sanitizer and with libFuzzer's `main`. Its sources are those of
// Bennu; only what parses strangers' bytes is in it, so that it builds in a minute.
let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
    name: "fuzz",
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .systemLibrary(name: "CLibFuzzer"),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd"),
        .target(name: "Domain", swiftSettings: swiftSettings),
        .target(name: "OTLP", dependencies: ["Domain"], swiftSettings: swiftSettings),
        .target(name: "Compression", dependencies: ["CZlib", "CZstd"], swiftSettings: swiftSettings),
        .executableTarget(
            name: "Fuzz", dependencies: ["Compression", "Domain", "OTLP", "CLibFuzzer", "CZlib"],
            swiftSettings: swiftSettings),
    ]
)
