import StatusCore
import StatusModel
import Testing

@Suite("Two clocks")
struct MomentClocksTests {
    @Test("a moment gives back the instant that it was given, to the attosecond")
    func instant() {
        let odd = ContinuousClock().systemEpoch.advanced(by: Duration(secondsComponent: -3, attosecondsComponent: -7))
        var moment = Moment(instant: odd, wall: Samples.start.wall)
        #expect(moment.instant == odd)
        moment.instant = Samples.start.instant
        #expect(moment == Samples.start)
    }

    @Test("a wall time that comes is at the monotonic instant just as far away")
    func instantOfWall() {
        let later = Samples.start.after(90)
        #expect(Samples.start.instant(of: later.wall) == later.instant)
    }

    @Test("while both clocks agree to a second the time shown is the one noted")
    func steadyClock() {
        var now = Samples.start.after(100)
        now.wall = now.wall.advanced(by: .milliseconds(900))
        #expect(Samples.start.wall(asOf: now) == Samples.start.wall)
    }

    @Test("a stepped wall clock moves the age shown by less than a second", arguments: [3600, -3600, 1, -1, 86_400])
    func steppedClock(stepSeconds: Int64) {
        var now = Samples.start.advanced(by: .milliseconds(100_250))
        now.wall = now.wall.advanced(by: .seconds(stepSeconds))
        let shown = now.wall.since(Samples.start.wall(asOf: now))
        #expect(shown >= .milliseconds(100_250) && shown < .milliseconds(101_250))
    }

    @Test("a time from the store is as old as the wall clock says, and never in the future")
    func restored() {
        let old = Samples.start.after(-3600)
        #expect(Moment(restoring: old.wall, at: Samples.start) == old)
        #expect(Moment(restoring: Samples.start.after(3600).wall, at: Samples.start) == Samples.start)
        let absurd = Moment(restoring: UnixTime(nanoseconds: .min), at: Samples.start)
        #expect(Samples.start.age(since: absurd) > .seconds(9_000_000_000))
    }
}
