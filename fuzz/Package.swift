// swift-tools-version: 6.2
import PackageDescription

// The fuzzer of the reader and the editor: see scripts/fuzz. A package of its own, so that the service's build does
// not know of it; it compiles the two rooms that it needs, from the same files.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "chant-fuzz",
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        .target(name: "CLinux"),
        .target(
            name: "ChantDomain",
            dependencies: [
                "CLinux", .product(name: "Crypto", package: "swift-crypto"), .product(name: "Yams", package: "Yams"),
            ],
            sources: ["Specs", "Support"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "SpecFuzz",
            dependencies: ["ChantDomain", .product(name: "Yams", package: "Yams")],
            // libFuzzer brings `main`.
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]
        ),
    ],
    swiftLanguageModes: [.v6]
)
