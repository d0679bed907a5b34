import StatusCore
import StatusModel
import TestSupport
import Testing

@Suite("Relative time")
struct RelativeTimeTests {
    private let now = Samples.start.wall

    @Test(
        "an age is told in words of one unit, rounded down",
        arguments: [
            (0, "just now"), (59, "just now"), (60, "1m ago"), (119, "1m ago"), (120, "2m ago"), (3599, "59m ago"),
            (3600, "1h ago"), (86_399, "23h ago"), (86_400, "1d ago"), (7 * 86_400 - 1, "6d ago"),
            (7 * 86_400, "1w ago"), (42 * 86_400, "6w ago"), (365 * 86_400 - 1, "52w ago"), (365 * 86_400, "1y ago"),
            (731 * 86_400, "2y ago"),
        ] as [(Int64, String)])
    func words(ageSeconds: Int64, words: String) {
        #expect(RelativeTime(from: now.advanced(by: .seconds(-ageSeconds)), at: now).words == words)
    }

    @Test("a part of a second does not count yet")
    func partialSecond() {
        let age = Duration.seconds(60) - .nanoseconds(1)
        #expect(RelativeTime(from: now.advanced(by: .zero - age), at: now).words == "just now")
    }

    @Test("an instant ahead of our clock reads just now, until a minute after it")
    func future() {
        let ahead = now.advanced(by: .seconds(3600))
        let relative = RelativeTime(from: ahead, at: now)
        #expect(relative.words == "just now")
        #expect(relative.changesAt == ahead.advanced(by: .seconds(60)))
    }

    @Test("the words hold until they change, and are others then", arguments: [1, 2, 3, 4] as [UInt64])
    func changesExactlyThen(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let spans: [Int64] = [90, 7200, 200_000, 3_000_000, 200_000_000]
        for _ in 0..<500 {
            let longest: Int64 = spans.randomElement(using: &generator) ?? 1
            let age = Int64.random(in: 0...(longest * 1_000_000_000), using: &generator)
            let instant = now.advanced(by: .nanoseconds(-age))
            let relative = RelativeTime(from: instant, at: now)
            #expect(relative.changesAt > now, "seed \(seed), age \(age)")
            let before = relative.changesAt.advanced(by: .nanoseconds(-1))
            #expect(RelativeTime(from: instant, at: before).words == relative.words, "seed \(seed), age \(age)")
            let after = RelativeTime(from: instant, at: relative.changesAt)
            #expect(after.words != relative.words, "seed \(seed), age \(age)")
        }
    }

    @Test("instants at the ends of time neither trap nor ask to be rendered again at once")
    func extremes() {
        let ends = [UnixTime(nanoseconds: .min), UnixTime(nanoseconds: .max)]
        #expect(RelativeTime(from: ends[0], at: now).words == "348y ago")
        #expect(RelativeTime(from: ends[0], at: now).changesAt > now)
        #expect(RelativeTime(from: ends[1], at: now).words == "just now")
        #expect(RelativeTime(from: ends[0], at: ends[1]).words == "584y ago")
        #expect(RelativeTime(from: ends[1], at: ends[1]).changesAt == ends[1])
    }
}
