import LinuxSystem
import StatusCore
import StatusEngine
import StatusModel
import TTRPCTransport

/// One event on its way to the watches that were live when it came. It touches none of their sessions.
///
/// `@unchecked Sendable`: used on the hub's loop alone.
final class Announcement: CrowdSpeaker, @unchecked Sendable {
    private let event: JournalRecord
    private let id: EventID
    private let hub: WatchHub

    init(_ entry: JournalEntry, hub: WatchHub) {
        (event, id) = (entry.event, entry.id)
        self.hub = hub
    }

    func speak(to number: UInt32, order: UInt64, into sink: StreamSink, now: LoopInstant) -> CrowdTurn {
        guard let role = hub.marks.role(ofFallen: number, order: order, behind: id) else { return .passed }
        // One that has more to be told than this asks for all of it itself.
        guard hub.position == id else { return .asked }
        event.withBytes(for: role) { sink.send($0) }
        hub.marks.told(number, at: now)
        return .told
    }
}
