// swift-tools-version: 6.2
import PackageDescription

/// The settings every Swift target is built with: Swift 6 mode, strict memory safety, and no warnings.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// A Swift library target; `imports` is its row in imports.txt.
func library(_ name: String, _ imports: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: imports, swiftSettings: strict)
}

/// An executable target; `imports` is its row in imports.txt.
func program(_ name: String, _ imports: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: imports, swiftSettings: strict)
}

/// The tests of one target.
func tests(_ name: String, _ imports: [Target.Dependency]) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: [.byName(name: name)] + imports, swiftSettings: strict)
}

/// A C library that Debian ships, by its pkg-config name where it has one.
func system(_ name: String, pkgConfig: String? = nil) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig)
}

let package = Package(
    name: "hearsay",
    products: [
        .executable(name: "hearsay", targets: ["hearsay"]),
        .executable(name: "hearsay-flite", targets: ["hearsay-flite"]),
        .executable(name: "hearsay-sherpa", targets: ["hearsay-sherpa"]),
        .executable(name: "hearsay-unpack", targets: ["hearsay-unpack"]),
        .executable(name: "hearsay-pocketsphinx", targets: ["hearsay-pocketsphinx"]),
    ],
    targets: [
        system("CSystem"),
        system("COpenSSL", pkgConfig: "openssl"),
        system("CSoxr", pkgConfig: "soxr"),
        system("COpus"),
        system("COgg"),
        system("CLame"),
        system("CMpg123", pkgConfig: "libmpg123"),
        system("CFLAC", pkgConfig: "flac"),
        system("CSonic"),
        system("CSQLite", pkgConfig: "sqlite3"),
        system("CPulse"),
        system("CALSA"),
        system("CFlite"),
        system("CPocketsphinx", pkgConfig: "pocketsphinx"),
        system("CArchive"),
        system("CQREncode", pkgConfig: "libqrencode"),
        .target(name: "CAssets", exclude: []),
        // Opened when a program runs, so that nothing of it is needed to build.
        .target(name: "CSherpa"),
        .target(name: "CSilero"),

        library("Flow", ["CSystem"]),
        library("JSON"),
        library("Sound", ["CSoxr", "COpus", "COgg", "CLame", "CMpg123", "CFLAC", "CSonic"]),
        library("Secrets", ["COpenSSL"]),
        library("VoiceCore", ["Sound", "Flow"]),
        library("Net", ["Flow", "Secrets", "CSystem"]),
        library("Wyoming", ["JSON", "Flow", "CSystem"]),
        library("SpokenText"),
        library("Speaking", ["SpokenText", "VoiceCore", "Sound", "Flow"]),
        library("Commands"),
        library("Drafting", ["Commands", "VoiceCore", "Flow"]),
        library("Recordings", ["Drafting", "VoiceCore", "Sound", "Flow", "JSON", "Wire"]),
        library("Hearing", ["VoiceCore", "Sound", "Flow"]),
        library("Wire", ["JSON", "VoiceCore", "Flow"]),
        library("Engines", ["VoiceCore", "Sound", "Flow", "Wyoming", "CSystem"]),
        library("Sherpa", ["CSherpa", "CSilero"]),
        library("RemoteEngines", ["VoiceCore", "Sound", "Flow", "Net", "JSON", "Wire"]),
        library("Devices", ["VoiceCore", "Sound", "Flow", "CPulse", "CALSA"]),
        library("Webhooks", ["VoiceCore", "Flow", "Net", "Secrets", "JSON", "Wire"]),
        library("Store", ["VoiceCore", "Flow", "Secrets", "CSQLite"]),
        library("Models", ["VoiceCore", "Net", "Secrets", "JSON", "Wire", "Flow", "CSystem"]),
        library(
            "Gateway",
            ["JSON", "Speaking", "Hearing", "Wire", "Net", "Secrets", "VoiceCore", "Sound", "Flow", "CAssets"]),
        library("Remote", ["JSON", "Wire", "Devices", "Net", "Secrets", "VoiceCore", "Sound", "Flow"]),
        library("VoiceTesting", ["VoiceCore", "Sound", "Flow"]),

        program(
            "hearsay",
            [
                "JSON", "Flow", "Sound", "Secrets", "VoiceCore", "Net", "SpokenText", "Speaking", "Commands",
                "Drafting",
                "Recordings", "Webhooks", "Hearing", "Wire",
                "Engines",
                "RemoteEngines", "Devices", "Store",
                "Gateway", "Remote", "Models", "CSystem", "CQREncode",
            ]),
        program("hearsay-flite", ["Wyoming", "Sound", "Flow", "CFlite"]),
        program("hearsay-pocketsphinx", ["Wyoming", "CPocketsphinx"]),
        program("hearsay-sherpa", ["Wyoming", "JSON", "Sound", "Sherpa", "CSystem"]),
        program("hearsay-unpack", ["CArchive"]),
        program("net-probe", ["Net", "Secrets"]),

        // For `make bench` alone: the transport with nothing behind it, and what loads it and its peers.
        .executableTarget(
            name: "transport-bench", dependencies: ["Net", "Secrets", "Flow"], path: "Benchmarks/Transport/Server",
            swiftSettings: strict),
        .executableTarget(
            name: "transport-load", path: "Benchmarks/Transport/Load", cSettings: [.define("_GNU_SOURCE")],
            linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),

        tests("Flow", []),
        tests("JSON", []),
        tests("Sound", []),
        tests("Secrets", []),
        tests("VoiceCore", ["Sound", "Flow", "VoiceTesting"]),
        tests("Net", ["Flow", "Secrets"]),
        tests("Wyoming", ["Flow"]),
        tests("SpokenText", []),
        tests("Speaking", ["SpokenText", "VoiceCore", "Sound", "Flow", "VoiceTesting"]),
        tests("Commands", []),
        tests("Drafting", ["Commands", "VoiceCore", "Flow", "VoiceTesting"]),
        tests("Recordings", ["VoiceCore", "Sound", "Flow", "JSON", "Wire"]),
        tests("Hearing", ["VoiceCore", "Sound", "Flow", "VoiceTesting"]),
        tests("Webhooks", ["VoiceCore", "Flow", "Net", "Wire", "VoiceTesting"]),
        tests("Wire", ["VoiceCore", "Flow"]),
        tests("Engines", ["VoiceCore", "Sound", "Flow", "Wyoming", "VoiceTesting"]),
        tests("RemoteEngines", ["VoiceCore", "Sound", "Flow", "Net"]),
        .testTarget(
            name: "SherpaTests", dependencies: ["Sherpa", "hearsay-sherpa", "Wyoming"], swiftSettings: strict),
        tests("Models", ["VoiceCore", "JSON"]),
        .testTarget(name: "UnpackTests", dependencies: ["hearsay-unpack"], swiftSettings: strict),
        .testTarget(name: "FliteTests", dependencies: ["hearsay-flite"], swiftSettings: strict),
        tests("Devices", ["VoiceCore", "Sound", "Flow", "VoiceTesting"]),
        tests("Store", ["VoiceCore", "Flow", "Secrets", "CSQLite", "VoiceTesting"]),
        tests(
            "Gateway", ["Speaking", "Hearing", "Wire", "Net", "Secrets", "VoiceCore", "Sound", "Flow", "VoiceTesting"]),
        tests("Remote", ["Wire", "Net", "VoiceCore", "Sound", "Flow", "Devices"]),
        tests(
            "hearsay",
            [
                "Gateway", "Commands", "Drafting", "SpokenText", "Speaking", "Remote", "Wire", "VoiceCore", "Flow",
                "Net", "Store",
            ]),
    ]
)

// hearsay-espeak is under the GPL; whoever must not ship it builds everything else without it.
if Context.environment["HEARSAY_WITHOUT_ESPEAK"] == nil {
    package.products.append(.executable(name: "hearsay-espeak", targets: ["hearsay-espeak"]))
    package.targets += [
        system("CEspeak"),
        .executableTarget(
            name: "hearsay-espeak", dependencies: ["Wyoming", "Sound", "CEspeak"], exclude: ["LICENSE"],
            swiftSettings: strict),
        .testTarget(name: "EspeakTests", dependencies: ["hearsay-espeak", "Wyoming"], swiftSettings: strict),
    ]
}
