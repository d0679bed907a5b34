import StatusModel
import Testing

@Suite("Unix time")
struct UnixTimeTests {
    @Test(
        "seconds beyond what nanoseconds can hold are clamped",
        arguments: [
            (0, 0), (1, 1_000_000_000), (-1, -1_000_000_000), (Int64.max, Int64.max), (Int64.min, Int64.min),
            (9_223_372_036, 9_223_372_036_000_000_000), (9_223_372_037, Int64.max), (-9_223_372_037, Int64.min),
        ] as [(Int64, Int64)])
    func clampsSeconds(seconds: Int64, nanoseconds: Int64) {
        #expect(UnixTime(seconds: seconds).nanoseconds == nanoseconds)
    }

    @Test(
        "whole seconds are rounded down, before the epoch as well",
        arguments: [
            (0, 0), (999_999_999, 0), (1_000_000_000, 1), (-1, -1), (-1_000_000_000, -1), (-1_000_000_001, -2),
        ] as [(Int64, Int64)])
    func roundsDown(nanoseconds: Int64, seconds: Int64) {
        #expect(UnixTime(nanoseconds: nanoseconds).seconds == seconds)
    }

    @Test("moving past either end stays at the end")
    func saturates() {
        #expect(UnixTime(nanoseconds: .max).advanced(by: .seconds(1)).nanoseconds == .max)
        #expect(UnixTime(nanoseconds: .min).advanced(by: .seconds(-1)).nanoseconds == .min)
        #expect(UnixTime(seconds: 0).advanced(by: .seconds(Int64.max)).nanoseconds == .max)
        #expect(UnixTime(nanoseconds: .max).since(UnixTime(nanoseconds: .min)) == .nanoseconds(Int64.max))
        #expect(UnixTime(nanoseconds: .min).since(UnixTime(nanoseconds: .max)) == .nanoseconds(Int64.min))
    }

    @Test("the time between two instants leads from one to the other")
    func measures() {
        let start = UnixTime(seconds: 1_767_225_600)
        let end = start.advanced(by: .milliseconds(1500))
        #expect(end.since(start) == .milliseconds(1500))
        #expect(start.since(end) == .milliseconds(-1500))
        #expect(start < end)
    }
}
