// swift-tools-version: 6.2
import PackageDescription

// The tools of `script/bench`, in C for the least noise but for one. A package of its own, so that no user of Telltale builds it.

let settings: [CSetting] = [
    .define("_GNU_SOURCE"),
    .enableWarning("all"),
    .enableWarning("extra"),
    .treatAllWarnings(as: .error),
]

// SwiftPM links the Swift runtime into C programs too, and the yardstick must not carry it: without Swift's start file
// nothing asks for it, and from a static library what nobody asks for is left out.
let links: [LinkerSetting] = [.unsafeFlags(["-nostartfiles", "-static-executable"])]

// The rooms of the daemon that `schedule-tick` measures. They are links to the daemon's own, compiled as they are there:
// as targets of this package, so that what they keep to their package is open to it.
let room: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
]

let package = Package(
    name: "telltale-benchmarks",
    targets: [
        .target(name: "Resilience", swiftSettings: room),
        .target(name: "StatusModel", swiftSettings: room),
        .target(name: "StatusCore", dependencies: ["StatusModel", "Resilience"], swiftSettings: room),

        // What the tools share: ttrpc frames, one blocking call or many at once, a clock, a histogram.
        .target(name: "CMeasure", cSettings: settings),

        // The yardstick: the fastest server that the same machine allows.
        .executableTarget(name: "echo-limit", dependencies: ["CMeasure"], cSettings: settings, linkerSettings: links),

        // The questions: how many calls, how soon after exec, how soon a first status, how dear is an idle
        // connection, how often is a page answered from memory, how much are ten thousand projects?
        .executableTarget(name: "load", dependencies: ["CMeasure"], cSettings: settings, linkerSettings: links),
        .executableTarget(name: "first-answer", dependencies: ["CMeasure"], cSettings: settings, linkerSettings: links),
        .executableTarget(name: "cold-project", dependencies: ["CMeasure"], cSettings: settings, linkerSettings: links),
        .executableTarget(
            name: "idle-connections", dependencies: ["CMeasure"], cSettings: settings, linkerSettings: links),
        .executableTarget(
            name: "page-load", dependencies: ["CMeasure"], cSettings: settings,
            linkerSettings: links + [.linkedLibrary("m")]),
        .executableTarget(
            name: "many-projects", dependencies: ["CMeasure"], cSettings: settings, linkerSettings: links),

        // How soon is an event with all who watch, beside a loop that only writes it?
        .executableTarget(name: "watch-limit", dependencies: ["CMeasure"], cSettings: settings, linkerSettings: links),
        .executableTarget(name: "watch-load", dependencies: ["CMeasure"], cSettings: settings, linkerSettings: links),

        // What the schedule alone takes, in the language it is written in.
        .executableTarget(
            name: "schedule-tick", dependencies: ["StatusCore", "StatusModel"], swiftSettings: room,
            linkerSettings: [.linkedLibrary("m")]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu17
)
