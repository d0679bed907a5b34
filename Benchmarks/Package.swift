// swift-tools-version: 6.2
import PackageDescription

// The tools of `script/bench`, in C for the least noise. A package of its own, so that no user of Telltale builds it.

let settings: [CSetting] = [
    .define("_GNU_SOURCE"),
    .enableWarning("all"),
    .enableWarning("extra"),
    .treatAllWarnings(as: .error),
]

// SwiftPM links the Swift runtime into C programs too, and the yardstick must not carry it: without Swift's start file
// nothing asks for it, and from a static library what nobody asks for is left out.
let links: [LinkerSetting] = [.unsafeFlags(["-nostartfiles", "-static-executable"])]

let package = Package(
    name: "telltale-benchmarks",
    targets: [
        // What the tools share: ttrpc frames, one blocking call, a clock, a histogram.
        .target(name: "CMeasure", cSettings: settings),

        // The yardstick: the fastest server that the same machine allows.
        .executableTarget(name: "echo-limit", dependencies: ["CMeasure"], cSettings: settings, linkerSettings: links),

        // The questions: how many calls, how soon after exec, how soon a first status, how dear is an idle
        // connection?
        .executableTarget(name: "load", dependencies: ["CMeasure"], cSettings: settings, linkerSettings: links),
        .executableTarget(name: "first-answer", dependencies: ["CMeasure"], cSettings: settings, linkerSettings: links),
        .executableTarget(name: "cold-project", dependencies: ["CMeasure"], cSettings: settings, linkerSettings: links),
        .executableTarget(
            name: "idle-connections", dependencies: ["CMeasure"], cSettings: settings, linkerSettings: links),
    ],
    cLanguageStandard: .gnu17
)
