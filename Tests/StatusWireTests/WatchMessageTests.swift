import ProtobufMessages
import StatusModel
import StatusWire
import Testing

@Suite("A message of a watch")
struct WatchMessageTests {
    private let arena = MessageArena()

    @Test(
        "of a kind that only a newer server knows is told from a broken one",
        arguments: [[], [0x7A, 0x00], [0x3A, 0x02, 0x08, 0x01]] as [[UInt8]])
    func unknownKind(bytes: [UInt8]) {
        #expect(throws: WireError.unknownKind) { try WatchMessage(decoding: bytes, in: arena) }
    }

    @Test(
        "that lacks what its kind needs is refused with the field",
        arguments: [
            ([0x0A, 0x00], "snapshot.envelope"), ([0x12, 0x00], "event.id"), ([0x1A, 0x00], "heartbeat.id"),
            ([0x22, 0x00], "reset.resume_from"), ([0x2A, 0x00], "going_away.resume_from"),
            // An event whose first item has the key `x`.
            ([0x12, 0x0E, 0x0A, 0, 0x12, 0, 0x1A, 1, 0x70, 0x2A, 3, 0x0A, 1, 0x78, 0x30, 1], "event.items[0].key"),
        ] as [([UInt8], String)])
    func lacking(bytes: [UInt8], field: String) {
        #expect { try WatchMessage(decoding: bytes, in: arena) } throws: { ($0 as? WireError)?.field == field }
    }

    @Test("holds the last kind when a peer sends two")
    func twoKinds() throws {
        let heartbeat = WatchMessage.heartbeat(EventID(epoch: 1, sequence: 2), at: UnixTime(seconds: 3))
        let reset = WatchMessage.reset(
            WatchReset(reason: .epoch, lostFrom: 1, lostTo: 2, resumeFrom: EventID(epoch: 4, sequence: 5)))
        let bytes = heartbeat.encoded(in: arena) + reset.encoded(in: arena)
        #expect(try WatchMessage(decoding: bytes, in: arena) == reset)
    }
}
