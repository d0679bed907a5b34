import TelltaleServer
import Testing

@Suite("A watcher's pace")
struct WatchPaceTests {
    private static let behind = WatchPace.eventsBehindMax + 1
    private static let age = WatchPace.ageMax + .milliseconds(1)

    @Test(
        "one is slow that is far behind with something old",
        arguments: [
            (behind, age, true), (behind - 1, age, false), (behind, age - .milliseconds(1), false), (0, .zero, false),
            (.max, .seconds(3_600), true),
        ] as [(UInt64, Duration, Bool)])
    func slow(behind: UInt64, age: Duration, isSlow: Bool) {
        #expect(WatchPace(replays: false).isSlow(behind: behind, age: age) == isSlow)
    }

    @Test("a replay is never slow, until it has come to its end once")
    func replay() {
        var pace = WatchPace(replays: true)
        #expect(!pace.isSlow(behind: .max, age: .seconds(3_600)))
        pace.caughtUp()
        #expect(pace.isSlow(behind: .max, age: .seconds(3_600)))
    }

    @Test("the age of an event is asked for only where it counts")
    func lazy() {
        var asked = 0
        func age() -> Duration {
            asked += 1
            return .seconds(60)
        }
        let isSlow = WatchPace(replays: false).isSlow(behind: 1, age: age())
        #expect(!isSlow)
        #expect(asked == 0)
    }

    @Test("what was left out is counted until it was told")
    func counted() {
        var pace = WatchPace(replays: false)
        for _ in 0..<3 { pace.leftOut() }
        #expect(pace.collapsed == 3)
        pace.told()
        #expect(pace.collapsed == 0)
    }
}
