import StatusCore
import StatusModel

/// A moment as columns, so that rows can be forgotten by age without decoding them. Rows of this start of the host are
/// compared by its own clock, which nobody steps; those of earlier starts by the wall clock, for nothing else is left.
struct HostTime: Hashable, Sendable {
    static let columns = ["boot", "uptime", "at"]
    /// A host that does not tell its starts apart.
    static let unknownBoot: Int64 = 0

    var boot: Int64
    /// Nanoseconds since the host started.
    var uptime: Int64
    /// Nanoseconds of the wall clock.
    var wall: Int64

    init(boot: Int64, uptime: Int64, wall: Int64) {
        self.boot = boot
        self.uptime = uptime
        self.wall = wall
    }

    init(_ moment: Moment, of clock: BootClock) {
        boot = Self.boot(of: clock)
        uptime = clock.origin.duration(to: moment.instant).saturatedNanoseconds
        wall = moment.wall.nanoseconds
    }

    /// The moment of something that has happened: never after now, and by the wall clock alone where the host was started
    /// since.
    func moment(of clock: BootClock, now: Moment) -> Moment {
        let time = UnixTime(nanoseconds: wall)
        guard boot != Self.unknownBoot, boot == Self.boot(of: clock) else { return Moment(restoring: time, at: now) }
        return Moment(instant: min(clock.origin.advanced(by: .nanoseconds(uptime)), now.instant), wall: time)
    }

    private static func boot(of clock: BootClock) -> Int64 {
        clock.id.isEmpty ? unknownBoot : Seal.of(Array(clock.id.utf8))
    }
}
