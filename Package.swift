// swift-tools-version: 6.1
import PackageDescription

// Versions are held to one minor line: an upgrade is a decision, read and tested.
let package = Package(
    name: "goodstanding",
    dependencies: [
        // The command line: parsing, help, completions.
        .package(url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.2")),
        // HMAC and SHA-256: signatures, buyer pseudonyms, derived ids.
        .package(url: "https://github.com/apple/swift-crypto", .upToNextMinor(from: "4.5.2")),
        // Header names and status codes as types.
        .package(url: "https://github.com/apple/swift-http-types", .upToNextMinor(from: "1.8.0")),
        .package(url: "https://github.com/apple/swift-log", .upToNextMinor(from: "1.16.2")),
        // The heap of whose turn it is.
        .package(url: "https://github.com/apple/swift-collections", .upToNextMinor(from: "1.6.0")),
        // The ledger's SQLite: pooled connections, cached statements, migrations.
        .package(url: "https://github.com/groue/GRDB.swift", .upToNextMinor(from: "7.10.0")),
        // The HTTP server of the health pages, the simulated marketplace and the tests.
        .package(url: "https://github.com/hummingbird-project/hummingbird", .upToNextMinor(from: "2.28.1")),
        // Messages in the words of who runs a receiver. It escapes HTML unless told otherwise, and names that it does not know
        // are nothing to it: both are dealt with in Notify.
        .package(url: "https://github.com/hummingbird-project/swift-mustache", .upToNextMinor(from: "2.1.1")),
        // Packs and configuration; its nodes carry line and column.
        .package(url: "https://github.com/jpsim/Yams", .upToNextMinor(from: "6.2.2")),
        // Start, signals and graceful end of the daemon's services.
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", .upToNextMinor(from: "2.13.0")),
    ],
    targets: [
        // Doors to C: a header each, no logic.
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CSpawn"),
        .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
        .target(name: "CJSON", linkerSettings: [.linkedLibrary("simdjson"), .linkedLibrary("stdc++")]),

        // Writes rules/, rules/maps/ and the dashboard's templates into the program.
        .executableTarget(name: "EmbedPacks", path: "Sources/EmbedPacks/Program"),
        .plugin(
            name: "EmbedPacksPlugin", capability: .buildTool(), dependencies: ["EmbedPacks"],
            path: "Sources/EmbedPacks/Plugin"),

        // Core: values and pure functions.
        .target(name: "Facts", dependencies: ["CJSON", crypto]),
        .target(name: "Language", dependencies: ["Facts"]),
        .target(name: "Rollups", dependencies: ["Facts", "Language"]),
        .target(
            name: "Rules", dependencies: ["Facts", "Language", "Rollups", yams],
            plugins: [.plugin(name: "EmbedPacksPlugin")]),
        .target(name: "Alerts", dependencies: ["Facts", "Language", "Rollups", "Rules", crypto]),

        // Edges: each touches one part of the outside world.
        .target(name: "Curl", dependencies: ["CCurl", httpTypes]),
        .target(name: "Ledgers", dependencies: ["Facts", "Rollups", "Rules", "Alerts", grdb, sqlite, crypto]),
        .target(name: "Pull", dependencies: ["Facts", "Rules", "Curl", "CZlib", "CZstd", httpTypes, crypto, heap]),
        .target(
            name: "Tables", dependencies: ["Facts", "Language", "Rules", "CZlib"],
            plugins: [.plugin(name: "EmbedPacksPlugin")]),
        .target(
            name: "Notify",
            dependencies: ["Facts", "Language", "Rules", "Alerts", "Curl", "CSpawn", mustache, httpTypes, crypto]),
        .target(name: "Simulation", dependencies: ["Facts", hummingbird, crypto, log]),

        // Top: what wires and starts it.
        .target(
            name: "Daemon",
            dependencies: [
                "Facts", "Language", "Rollups", "Rules", "Alerts", "Curl", "Ledgers", "Pull", "Tables", "Notify",
                "Simulation", "CMalloc", httpTypes, lifecycle, log,
            ]),
        .target(
            name: "Dashboard",
            dependencies: [
                "Facts", "Language", "Rollups", "Rules", "Alerts", "Ledgers", "Daemon", hummingbird, mustache,
                httpTypes, crypto, lifecycle, log,
            ], exclude: ["Templates"], plugins: [.plugin(name: "EmbedPacksPlugin")]),
        .executableTarget(
            name: "goodstanding",
            dependencies: ["Facts", "Language", "Rules", "Alerts", "Daemon", "Dashboard", argumentParser]),

        // Run by `make bench`, beside its peers.
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "Curl", "Daemon", "Facts", "Language", "Rollups", "Rules", "Simulation", "PlatformSupport", httpTypes,
                hummingbird, log,
            ],
            path: "Tests/Benchmarks", exclude: ["bench.py", "bench.yaml", "facts.py", "orders.py", "peers.py"]),

        // Run by `make soak`: a year at every platform.
        .executableTarget(name: "Soak", dependencies: ["PlatformSupport", "Daemon"], path: "Tests/Soak"),

        // Run by `make fire`: 10,000 alerts while everything fails.
        .executableTarget(name: "Fire", dependencies: ["FireSupport"], path: "Tests/Fire"),

        // Tests.
        .target(
            name: "TestSupport", dependencies: ["Facts", "Language", "Curl", hummingbird, heap, httpTypes, log],
            path: "Tests/TestSupport", exclude: ["Mail", "Schemathesis"]),
        // Made-up platforms, the packs that pull them, and what has to come of it.
        .target(
            name: "PlatformSupport",
            dependencies: ["Facts", "Rules", "Curl", "Pull", "Daemon", "Simulation", "TestSupport"],
            path: "Tests/PlatformSupport"),
        // Alerts, receivers and what has to come of them while the daemon is killed again and again.
        .target(name: "FireSupport", dependencies: ["Simulation", "TestSupport"], path: "Tests/FireSupport"),
        .testTarget(name: "HouseTests"),
        .testTarget(name: "CommandTests", dependencies: ["Facts", "TestSupport"], exclude: ["Golden"]),
        .testTarget(name: "SystemdTests", dependencies: ["TestSupport"]),
        .testTarget(name: "CurlTests", dependencies: ["Curl", "TestSupport", hummingbird, httpTypes, log]),
        .testTarget(name: "AlertsTests", dependencies: ["Facts", "Rules", "Alerts", "TestSupport"]),
        .testTarget(
            name: "NotifyTests",
            dependencies: [
                "Notify", "Facts", "Language", "Rules", "Alerts", "Curl", "Simulation", "TestSupport", httpTypes,
                crypto,
            ], exclude: ["Golden"]),
        .testTarget(
            name: "AcceptanceTests",
            dependencies: [
                "Facts", "Simulation", "TestSupport", "PlatformSupport", "FireSupport", "Daemon", "Pull", "Curl",
                "Ledgers", "Rules",
            ],
            exclude: ["Packs", "Oscar/oscar.yaml", "Oscar/shop"]),
        .testTarget(
            name: "DaemonTests",
            dependencies: [
                "Daemon", "Facts", "Language", "Ledgers", "Curl", "Notify", "Rules", "Alerts",
                "TestSupport", httpTypes,
            ]),
        .testTarget(
            name: "DashboardTests",
            dependencies: [
                "Dashboard", "Daemon", "Facts", "Language", "Ledgers", "Rules", "Alerts", "Curl", "TestSupport",
                hummingbird, hummingbirdTesting, httpTypes,
            ], exclude: ["Browser"]),
        .testTarget(name: "FactsTests", dependencies: ["Facts", "TestSupport"]),
        .testTarget(name: "LanguageTests", dependencies: ["Facts", "Language", "TestSupport"]),
        .testTarget(name: "RollupsTests", dependencies: ["Facts", "Language", "Rollups", "TestSupport"]),
        .testTarget(
            name: "RulesTests", dependencies: ["Facts", "Language", "Rollups", "Rules", "TestSupport"],
            exclude: ["Packs"]),
        .testTarget(
            name: "PullTests",
            dependencies: [
                "Pull", "Simulation", "Curl", "Facts", "Language", "Rules", "CZlib", "CZstd", "TestSupport", httpTypes,
                crypto,
            ], exclude: ["Golden"]),
        .testTarget(
            name: "TablesTests", dependencies: ["Tables", "Facts", "Language", "Rules", "CZlib", "TestSupport"]),
        .testTarget(
            name: "LedgersTests",
            dependencies: ["Ledgers", "Facts", "Language", "Rollups", "Rules", "Alerts", "TestSupport", grdb]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

var crypto: Target.Dependency { .product(name: "Crypto", package: "swift-crypto") }
var heap: Target.Dependency { .product(name: "HeapModule", package: "swift-collections") }
var yams: Target.Dependency { .product(name: "Yams", package: "Yams") }
var grdb: Target.Dependency { .product(name: "GRDB", package: "GRDB.swift") }
var sqlite: Target.Dependency { .product(name: "GRDBSQLite", package: "GRDB.swift") }
var mustache: Target.Dependency { .product(name: "Mustache", package: "swift-mustache") }
var log: Target.Dependency { .product(name: "Logging", package: "swift-log") }
var httpTypes: Target.Dependency { .product(name: "HTTPTypes", package: "swift-http-types") }
var hummingbird: Target.Dependency { .product(name: "Hummingbird", package: "hummingbird") }
var hummingbirdTesting: Target.Dependency { .product(name: "HummingbirdTesting", package: "hummingbird") }
var lifecycle: Target.Dependency { .product(name: "ServiceLifecycle", package: "swift-service-lifecycle") }
var argumentParser: Target.Dependency { .product(name: "ArgumentParser", package: "swift-argument-parser") }

// One set of language rules for every Swift target.
for target in package.targets where ![.system, .plugin].contains(target.type) && target.name != "CJSON" {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ]
}
