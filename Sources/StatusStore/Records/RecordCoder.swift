import CProtobufC
import ProtobufMessages
package import StatusCore

/// Writes and reads the records of the store's file, `proto/telltale/store/v1/records.proto`.
///
/// A moment is written on both clocks, and read as the instant that it was as long as the host has not started anew;
/// otherwise by the wall clock. Bytes never trap, and a field that only a newer daemon knows is skipped. One coder serves
/// one thread for one batch or one load: its memory is taken once, and its `now` is that of all it does.
package struct RecordCoder {
    /// Holds what a usual item needs without asking the heap.
    private static let arenaBytes = 32 << 10

    private let writer: RecordWriter
    private let bootID: [UInt8]

    /// - Parameters:
    ///   - boot: Which start of the host this process belongs to.
    ///   - now: This moment: what has happened never lies after it.
    package init(boot: BootClock, now: Moment) {
        bootID = Array(boot.id.utf8)
        writer = RecordWriter(arena: MessageArena(firstBlockBytes: Self.arenaBytes), boot: boot, now: now)
    }

    func encoded(_ record: some RecordRoot) -> [UInt8] {
        writer.arena.scoped { MessageArena.pack(record.message(in: writer)) }
    }

    func decoded<Root: RecordRoot>(_ bytes: UnsafeRawBufferPointer) throws(RecordError) -> Root {
        try writer.arena.scoped { () throws(RecordError) -> Root in
            guard let message = Root.unpack(bytes, in: writer.arena) else { throw .malformed }
            let clock = RecordClock(
                now: writer.now, origin: isThisBoot(Root.boot(of: message.pointee)) ? writer.boot.origin : nil)
            return try Root(message: message.pointee, clock: clock)
        }
    }

    private func isThisBoot(_ id: ProtobufCBinaryData) -> Bool {
        !bootID.isEmpty && UnsafeRawBufferPointer(field: id).elementsEqual(bootID)
    }
}
