import FoundationEssentials
import StatusModel
import TelltaleClient

extension CommandClock {
    package static let system = CommandClock(
        wall: { UnixTime(nanoseconds: Int64(Date().timeIntervalSince1970 * 1_000_000_000)) }, waiting: .system)
}
