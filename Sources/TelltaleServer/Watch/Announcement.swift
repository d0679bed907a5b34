import LinuxSystem
import StatusCore
import StatusEngine
import StatusModel
import TTRPCTransport

/// One event on its way to the watches that were live when it came. It touches none of their sessions. Its messages are what
/// each role sees of it, under the role's index.
///
/// `@unchecked Sendable`: used on the hub's loop alone.
final class Announcement: CrowdSpeaker, @unchecked Sendable {
    private let event: JournalRecord
    private let id: EventID
    private let hub: WatchHub
    let messageBytesMax: Int

    init(_ entry: JournalEntry, hub: WatchHub) {
        (event, id) = (entry.event, entry.id)
        self.hub = hub
        messageBytesMax = event.byteCountMax
    }

    func withMessage(_ number: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
        event.withBytes(ofRoleAt: number, body)
    }

    func decide(_ members: ArraySlice<StreamCrowd.Member>, at now: LoopInstant, _ turns: inout [CrowdTurn]) {
        // Whoever has more to be told than this asks for all of it itself.
        if hub.position == id {
            hub.marks.tell(members, of: id, at: now, &turns)
        } else {
            hub.marks.ask(members, behind: id, &turns)
        }
    }
}
