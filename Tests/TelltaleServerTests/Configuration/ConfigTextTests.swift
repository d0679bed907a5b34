import StatusCore
import StatusModel
import TelltaleServer
import TestSupport
import Testing

@Suite("Values as the configuration writes them")
struct ConfigTextTests {
    @Test(
        "a duration is a number and its unit",
        arguments: [
            ("0s", .zero), ("400ms", .milliseconds(400)), ("2.5s", .milliseconds(2500)), ("15s", .seconds(15)),
            ("1.5m", .seconds(90)), ("72h", .seconds(259_200)), ("0.25ms", .microseconds(250)),
            ("0.000001h", .nanoseconds(3_600_000)), ("2562047h", .seconds(9_223_369_200)),
        ] as [(String, Duration)])
    func durations(text: String, duration: Duration) {
        #expect(DurationText.parse(text) == duration)
    }

    @Test(
        "anything else is no duration",
        arguments: [
            "", "s", "15", "15 s", " 15s", "15S", "-1s", "+1s", "1.s", ".5s", "1.2.3s", "1.0000000s", "1e3s", "٣s",
            "1d",
            "2562048h", "9223372036854775808s", "99999999999999999999999ms", "1sec",
        ])
    func noDurations(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test("a duration is written so that it reads back", arguments: 1...3 as ClosedRange<UInt64>)
    func roundTrip(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let scale = [1_000, 1_000_000, 1_000_000_000, 60_000_000_000].randomElement(using: &random) ?? 1
            let duration = Duration.nanoseconds(Int64.random(in: 0..<100_000, using: &random) * Int64(scale))
            #expect(DurationText.parse(DurationText.render(duration)) == duration, "seed \(seed): \(duration)")
        }
    }

    @Test(
        "durations are written short",
        arguments: [
            (.zero, "0s"), (.milliseconds(400), "400ms"), (.milliseconds(2500), "2.5s"), (.seconds(90), "90s"),
            (.seconds(300), "5m"), (.seconds(86_400), "24h"), (.microseconds(1500), "1.5ms"),
        ] as [(Duration, String)])
    func rendering(duration: Duration, text: String) {
        #expect(DurationText.render(duration) == text)
    }

    @Test("a size is a number of bytes with a binary unit")
    func sizes() {
        #expect(ByteCountText.parse("4MiB") == 4_194_304)
        #expect(ByteCountText.parse("64KiB") == 65_536)
        for text in ["", "4", "4MB", "-1KiB", "1.5MiB", "9999999999GiB", "99999999999999999999KiB"] {
            #expect(ByteCountText.parse(text) == nil, "\(text)")
        }
        #expect(
            [0, 1000, 65_536, 4 << 20, 1 << 30].map(ByteCountText.render) == ["0", "1000", "64KiB", "4MiB", "1GiB"])
    }

    @Test(
        "a reference reads back as it was written",
        arguments: ["file:/a/b c", "env:GITHUB_TOKEN", "credential:github.token", "oauth:acme"])
    func references(text: String) throws {
        #expect(try #require(CredentialText.parse(text)).text == text)
    }

    @Test(
        "a slip of at most two letters is recognised",
        arguments: [
            ("conections", "connections"), ("Repo", "repo"), ("tll", "ttl"), ("heartbaet", "heartbeat"),
            ("xyz", nil), ("reo", "repo"), ("", nil), ("t", nil),
        ] as [(String, String?)])
    func suggestions(name: String, meant: String?) {
        #expect(Suggestion.nearest(to: name, among: ["connections", "repo", "ttl", "heartbeat"]) == meant)
    }

    @Test("a long name costs no comparison")
    func longName() {
        #expect(Suggestion.nearest(to: String(repeating: "x", count: 65), among: ["x"]) == nil)
    }

    @Test(
        "edit distance counts insertions, removals and replacements",
        arguments: [
            ("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("same", "same", 0),
        ])
    func distances(left: String, right: String, distance: Int) {
        #expect(Suggestion.distance(left, right) == distance)
        #expect(Suggestion.distance(right, left) == distance)
    }
}
