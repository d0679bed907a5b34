// swift-tools-version: 6.2
import PackageDescription

// The manifest is the architecture: five tiers, and an import only ever points to a lower one.
// `script/lint` checks it, and `docs/architecture.md` says why each room exists.

/// Swift 6 with every upcoming check that the 6.3 toolchain knows; warnings are errors.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .treatAllWarnings(as: .error),
]

/// The pure rooms touch no pointer at all, so there every `unsafe` construct is an error besides. In the rooms that
/// wrap C every other line would carry the mark, and it would tell the reader nothing.
let pure: [SwiftSetting] = strict + [.strictMemorySafety()]

let package = Package(
    name: "telltale",
    products: [
        .library(name: "TelltaleClient", targets: ["TelltaleClient", "StatusModel"]),
        .library(name: "StaleCache", targets: ["StaleCache"]),
        .executable(name: "telltaled", targets: ["telltaled"]),
        .executable(name: "telltale", targets: ["telltale"]),
        .executable(name: "telltale-sim", targets: ["telltale-sim"]),
    ],
    targets: [
        // Tier 0, pure: values and decisions. No I/O, no clock, and no lock but `Locks`, which is the one for all tiers.
        .target(name: "TTRPCCore", swiftSettings: pure),
        .target(name: "Locks", swiftSettings: strict),
        .target(name: "Resilience", swiftSettings: pure),
        .target(name: "StatusModel", swiftSettings: pure),
        .target(name: "StatusCore", dependencies: ["StatusModel", "Resilience"], swiftSettings: pure),

        // Tier 0, C: system libraries, prefixed shims, generated messages.
        .target(name: "CLinux"),
        .systemLibrary(name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
        .target(name: "CTelltaleProtos", dependencies: ["CProtobufC"]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),

        // Tier 1: typed Swift faces of one C library each, and the cache. No domain words.
        .target(name: "LinuxSystem", dependencies: ["Locks", "CLinux"], swiftSettings: strict),
        .target(name: "HTTPClient", dependencies: ["Locks", "CCurl"], swiftSettings: strict),
        .target(name: "Signatures", dependencies: ["CCrypto"], swiftSettings: strict),
        .target(name: "SQLiteDatabase", dependencies: ["Locks", "CLinux", "CSQLite"], swiftSettings: strict),
        .target(name: "ProtobufMessages", dependencies: ["CProtobufC"], swiftSettings: strict),
        .target(name: "StaleCache", dependencies: ["Locks", "Resilience"], swiftSettings: strict),

        // Tier 2: thin shells that run the machines of tier 0 over the wrappers of tier 1.
        .target(
            name: "TTRPCTransport",
            dependencies: ["Locks", "TTRPCCore", "LinuxSystem", "ProtobufMessages", "CTelltaleProtos", "CProtobufC"],
            swiftSettings: strict),
        .target(
            name: "StatusWire",
            dependencies: [
                "TTRPCCore", "StatusModel", "StatusCore", "ProtobufMessages", "CTelltaleProtos", "CProtobufC",
            ],
            swiftSettings: strict),
        .target(
            name: "StatusProviders",
            dependencies: [
                "Locks", "Resilience", "StatusModel", "StatusCore", "HTTPClient", "Signatures", "StaleCache",
            ],
            swiftSettings: strict),
        .target(
            name: "StatusStore",
            dependencies: [
                "Locks", "LinuxSystem", "Resilience", "StatusModel", "StatusCore", "SQLiteDatabase", "Signatures",
                "ProtobufMessages", "CTelltaleProtos", "CProtobufC",
            ],
            swiftSettings: strict),
        .target(
            name: "StatusEngine",
            dependencies: [
                "Locks", "LinuxSystem",
                "StatusModel", "StatusCore", "ProtobufMessages", "StaleCache", "Resilience", "StatusWire",
            ],
            swiftSettings: strict),

        // Tier 3: the libraries behind the three programs, and the public client.
        .target(
            name: "TelltaleClient",
            dependencies: [
                "Locks",
                "StatusModel", "ProtobufMessages", "StatusWire", "TTRPCCore", "TTRPCTransport", "LinuxSystem",
                "Resilience",
            ],
            swiftSettings: strict),
        .target(
            name: "TelltaleServer",
            dependencies: [
                "Locks",
                "TTRPCCore", "Resilience", "StatusModel", "StatusCore", "LinuxSystem", "HTTPClient", "Signatures",
                "ProtobufMessages", "StaleCache", "TTRPCTransport", "StatusWire", "StatusProviders", "StatusStore",
                "StatusEngine",
            ], swiftSettings: strict),
        .target(
            name: "TelltaleCommands",
            dependencies: ["TelltaleClient", "StatusModel", "StatusCore", "TTRPCCore", "LinuxSystem"],
            swiftSettings: strict),
        .target(
            name: "ProviderSimulator", dependencies: ["Locks", "CMicroHTTPD", "StatusModel"], swiftSettings: strict),

        // Tier 4: programs. `main`, and nothing else.
        .executableTarget(name: "telltaled", dependencies: ["TelltaleServer"], swiftSettings: strict),
        .executableTarget(name: "telltale", dependencies: ["TelltaleCommands"], swiftSettings: strict),
        .executableTarget(name: "telltale-sim", dependencies: ["ProviderSimulator"], swiftSettings: strict),

        // Tests mirror the tree; `TestSupport` holds the hand-driven clock, the seeded generator and the fakes.
        .target(
            name: "TestSupport", dependencies: ["Locks", "StatusModel", "StatusCore", "Signatures"],
            path: "Tests/TestSupport",
            swiftSettings: strict),
        .target(
            name: "ClientTestSupport",
            dependencies: [
                "Locks",
                "TelltaleClient", "StatusModel", "StatusCore", "StatusWire", "ProtobufMessages", "TTRPCTransport",
                "TTRPCCore", "LinuxSystem", "TestSupport",
            ], path: "Tests/ClientTestSupport", swiftSettings: strict),
        .testTarget(name: "TTRPCCoreTests", dependencies: ["TTRPCCore", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "ResilienceTests", dependencies: ["Resilience", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "StatusModelTests", dependencies: ["StatusModel", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "StatusCoreTests", dependencies: ["StatusCore", "StatusModel", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "LinuxSystemTests", dependencies: ["Locks", "LinuxSystem", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "HTTPClientTests", dependencies: ["HTTPClient", "ProviderSimulator", "TestSupport"],
            swiftSettings: strict),
        .testTarget(name: "SignaturesTests", dependencies: ["Signatures", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ProtobufMessagesTests",
            dependencies: ["ProtobufMessages", "CTelltaleProtos", "CProtobufC", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "StaleCacheTests", dependencies: ["Locks", "StaleCache", "StatusCore", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "TTRPCTransportTests",
            dependencies: [
                "Locks",
                "TTRPCTransport", "TTRPCCore", "LinuxSystem", "ProtobufMessages", "CTelltaleProtos", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "StatusWireTests",
            dependencies: [
                "StatusWire", "StatusModel", "StatusCore", "ProtobufMessages", "CTelltaleProtos", "CProtobufC",
                "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "StatusProvidersTests",
            dependencies: [
                "Locks",
                "StatusProviders", "StatusCore", "StatusModel", "HTTPClient", "Resilience", "StaleCache",
                "ProviderSimulator",
                "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "StatusEngineTests",
            dependencies: [
                "Locks",
                "StatusEngine", "StatusProviders", "StatusStore", "StatusCore", "StatusModel", "Resilience",
                "HTTPClient",
                "StaleCache",
                "StatusWire", "ProtobufMessages", "Signatures", "ProviderSimulator", "TestSupport",
            ],
            swiftSettings: strict),
        .target(name: "FaultyVFS", dependencies: ["CSQLite"], path: "Tests/FaultyVFS"),
        .testTarget(
            name: "SQLiteDatabaseTests", dependencies: ["Locks", "SQLiteDatabase", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "StatusStoreTests",
            dependencies: [
                "Locks", "StatusStore", "SQLiteDatabase", "StatusCore", "StatusModel", "Resilience", "LinuxSystem",
                "ProtobufMessages", "CProtobufC", "CTelltaleProtos", "Signatures", "FaultyVFS", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TelltaleClientTests",
            dependencies: [
                "TelltaleClient", "StatusModel", "StatusWire", "ProtobufMessages", "Resilience", "TTRPCTransport",
                "TTRPCCore", "LinuxSystem", "ClientTestSupport", "StatusCore", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TelltaleServerTests",
            dependencies: [
                "Locks",
                "TelltaleServer", "StatusCore", "StatusModel", "StatusEngine", "TTRPCTransport", "TTRPCCore",
                "LinuxSystem", "StatusWire", "ProtobufMessages", "TelltaleClient", "Resilience", "StatusProviders",
                "StatusStore", "HTTPClient", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TelltaleCommandsTests",
            dependencies: [
                "Locks",
                "TelltaleCommands", "TelltaleClient", "StatusModel", "TTRPCCore", "LinuxSystem", "ClientTestSupport",
                "StatusCore", "StatusWire", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ProviderSimulatorTests", dependencies: ["Locks", "ProviderSimulator", "StatusModel", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Locks",
                "telltaled", "telltale", "telltale-sim", "TelltaleClient", "StatusModel", "StatusWire",
                "ProtobufMessages", "TTRPCTransport", "LinuxSystem", "HTTPClient", "CSQLite", "ClientTestSupport",
                "TestSupport",
            ],
            exclude: ["Interop"],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
