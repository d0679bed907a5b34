import StatusCore
import StatusModel
import StatusStore
import TestSupport
import Testing

/// The host on which the records of these tests are written and read.
enum TestHost {
    static let boot = BootClock(id: "0a4d1c9e-boot", origin: ContinuousClock.now)
    /// Five days after its start.
    static let now = Moment(
        instant: boot.origin.advanced(by: .seconds(432_000)), wall: UnixTime(seconds: 1_767_225_600))

    static var coder: RecordCoder { RecordCoder(boot: boot, now: now) }
}

/// One table's codec, without its type.
struct RecordCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// A random record, encoded.
    let sample: @Sendable (RecordCoder, inout SeededGenerator) -> [UInt8]
    /// Whether a random record comes back as it was.
    let survives: @Sendable (RecordCoder, inout SeededGenerator) throws -> Bool
    let read: @Sendable (RecordCoder, [UInt8]) throws -> Void

    private init<Record: Hashable & SendableMetatype>(
        _ name: String, make: @escaping @Sendable (inout SeededGenerator) -> Record,
        encode: @escaping @Sendable (RecordCoder, Record) -> [UInt8],
        decode: @escaping @Sendable (RecordCoder, UnsafeRawBufferPointer) throws -> Record
    ) {
        testDescription = name
        sample = { coder, generator in encode(coder, make(&generator)) }
        survives = { coder, generator in
            let record = make(&generator)
            return try encode(coder, record).withUnsafeBytes { try decode(coder, $0) } == record
        }
        read = { coder, bytes in _ = try bytes.withUnsafeBytes { try decode(coder, $0) } }
    }

    static let all = [
        RecordCase(
            "project", make: { $0.storedProject() }, encode: { $0.encode($1) }, decode: { try $0.project(from: $1) }),
        RecordCase("link", make: { $0.storedLink() }, encode: { $0.encode($1) }, decode: { try $0.link(from: $1) }),
        RecordCase("item", make: { $0.storedItem() }, encode: { $0.encode($1) }, decode: { try $0.item(from: $1) }),
        RecordCase(
            "breaker", make: { $0.storedBreaker() }, encode: { $0.encode($1) }, decode: { try $0.breaker(from: $1) }),
        RecordCase("limit", make: { $0.storedLimit() }, encode: { $0.encode($1) }, decode: { try $0.limit(from: $1) }),
        RecordCase(
            "budget", make: { $0.storedBudget() }, encode: { $0.encode($1) }, decode: { try $0.budget(from: $1) }),
        RecordCase("run", make: { $0.storedRun() }, encode: { $0.encode($1) }, decode: { try $0.run(from: $1) }),
        RecordCase(
            "delivery", make: { $0.storedDelivery() }, encode: { $0.encode($1) },
            decode: { try $0.delivery(from: $1) }),
        RecordCase(
            "operation", make: { $0.operationRecord() }, encode: { $0.encode($1) },
            decode: { try $0.operation(from: $1) }),
        RecordCase(
            "change of a link", make: { $0.storedLinkChange() }, encode: { $0.encode($1) },
            decode: { try $0.linkChange(from: $1) }),
        RecordCase("event", make: { $0.storedEvent() }, encode: { $0.encode($1) }, decode: { try $0.event(from: $1) }),
    ]
}
