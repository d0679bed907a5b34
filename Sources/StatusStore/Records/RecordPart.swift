import CProtobufC
import ProtobufMessages

/// A value that is one protobuf message of a record.
protocol RecordPart {
    /// The struct that protoc-c generated.
    associatedtype Message

    /// Takes the value from its message, checked: nothing that a file holds may trap.
    init(message: Message, clock: RecordClock) throws(RecordError)

    /// Builds the message in the writer's arena, valid until the end of the arena's scope.
    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Message>
}

/// A value that is the whole record of one row.
protocol RecordRoot: RecordPart {
    /// Calls the generated `…__unpack`.
    static func unpack(_ bytes: UnsafeRawBufferPointer, in arena: MessageArena) -> UnsafePointer<Message>?

    /// Which start of the host the record's moments count from; empty for one without moments.
    static func boot(of message: Message) -> ProtobufCBinaryData
}
