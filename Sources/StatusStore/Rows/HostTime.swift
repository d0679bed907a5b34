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

    init(_ moment: Moment, of clock: BootClock) {
        boot = clock.id.isEmpty ? Self.unknownBoot : Seal.of(Array(clock.id.utf8))
        uptime = clock.origin.duration(to: moment.instant).saturatedNanoseconds
        wall = moment.wall.nanoseconds
    }
}
