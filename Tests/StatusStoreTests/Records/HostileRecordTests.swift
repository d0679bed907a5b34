import CTelltaleProtos
import ProtobufMessages
import StatusCore
import StatusModel
import StatusStore
import TestSupport
import Testing

@Suite("Damaged records never trap")
struct HostileRecordTests {
    @Test("Every prefix of a record is read or refused", arguments: RecordCase.all)
    func prefixes(record: RecordCase) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let coder = TestHost.coder
        for _ in 0..<8 {
            let bytes = record.sample(coder, &generator)
            for count in 0..<bytes.count {
                try Self.readOrRefuse(Array(bytes.prefix(count)), record, coder, "seed \(seed), \(count) bytes")
            }
        }
    }

    @Test("A record with flipped bits is read or refused", arguments: RecordCase.all)
    func flippedBits(record: RecordCase) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let coder = TestHost.coder
        var bytes = record.sample(coder, &generator)
        for round in 0..<2_000 {
            if round.isMultiple(of: 50) {
                repeat { bytes = record.sample(coder, &generator) } while bytes.isEmpty
            }
            var damaged = bytes
            for _ in 0...(generator.next() % 3) {
                damaged[Int(generator.next() % UInt64(damaged.count))] ^= 1 << UInt8(generator.next() % 8)
            }
            try Self.readOrRefuse(damaged, record, coder, "seed \(seed), round \(round)")
        }
    }

    @Test("A field that only a newer daemon knows is skipped", arguments: RecordCase.all)
    func unknownFields(record: RecordCase) throws {
        var generator = SeededGenerator(seed: 7)
        let coder = TestHost.coder
        // Field 1000, of three bytes.
        try record.read(coder, record.sample(coder, &generator) + [0xC2, 0x3E, 3, 1, 2, 3])
    }

    /// Throws when anything but a ``RecordError`` comes of it.
    private static func readOrRefuse(
        _ bytes: [UInt8], _ record: RecordCase, _ coder: RecordCoder, _ place: String
    ) throws {
        do { try record.read(coder, bytes) } catch let error as RecordError {
            #expect(!error.reason.isEmpty, "\(place)")
        }
    }
}

@Suite("A record that cannot be read says which field is wrong")
struct RecordFieldTests {
    typealias Item = Telltale__Store__V1__ItemRecord

    @Test("An empty record lacks its key")
    func emptyRecord() {
        #expect(Self.refusal(of: []) == "item must be one of github, vercel, sanity, supabase or service:NAME")
    }

    @Test("Bytes that are no message are refused")
    func noMessage() { #expect(Self.refusal(of: [0xFF])?.hasPrefix("the record is not a well-formed message") == true) }

    @Test("A malformed key is refused")
    func malformedKeys() {
        #expect(Self.refusal { item, arena in item.item = arena.field("gitlab") }?.hasPrefix("item must") == true)
        #expect(Self.refusal { item, arena in item.project = arena.field("-p") }?.hasPrefix("project must") == true)
        #expect(
            Self.refusal { item, arena in item.refresh_id = arena.field("f00") }?.hasPrefix("refresh_id must") == true)
    }

    @Test("Text that is not UTF-8 is refused")
    func badText() {
        let refusal = Self.refusal { item, arena in
            item.failure.pointee.hint = [0xC3, 0x28].withUnsafeBytes { (bytes) in arena.bytes(bytes) }
        }
        #expect(refusal == "failure.hint must be valid UTF-8")
    }

    @Test("An enum's number that nobody knows is refused, and so is its zero")
    func unknownNumbers() {
        let unknown = Self.refusal { item, _ in item.failure.pointee.code = Telltale__V1__ProblemCode(rawValue: 4711) }
        #expect(unknown == "failure.code must be a number that this version knows")
        let zero = Self.refusal { item, _ in
            item.failure.pointee.disposition = TELLTALE__STORE__V1__DISPOSITION__DISPOSITION_UNSPECIFIED
        }
        #expect(zero == "failure.disposition must be a number that this version knows")
    }

    @Test("A number that this host cannot count to is refused")
    func numberOutOfRange() {
        let refusal = Self.refusal { item, _ in item.failure.pointee.attempts = .max }
        #expect(refusal?.hasPrefix("failure.attempts must lie within") == true)
    }

    @Test("A part that is missing is named")
    func missingPart() {
        #expect(
            Self.refusal { item, _ in item.failure.pointee.last_seen_at = nil } == "failure.last_seen_at is required")
        #expect(
            Self.refusal { item, arena in
                item.reading = arena.make(telltale__store__v1__reading__init)
            } == "reading.observed_at is required")
    }

    @Test("More elements than the bound says are refused")
    func tooManyElements() {
        let latencies = Self.refusal { item, arena in
            item.n_run_latencies = 33
            item.run_latencies = arena.allocate(byteCount: 33 * 8).bindMemory(to: Int64.self, capacity: 33)
            for index in 0..<33 { item.run_latencies[index] = 1 }
        }
        #expect(latencies == "run_latencies must have at most 32 elements")
        let refusals = Self.refusal { item, arena in
            item.n_refusals = 129
            item.refusals = arena.list(0..<129) { _ in arena.make(telltale__store__v1__refusal__init) }
        }
        #expect(refusals == "refusals must have at most 128 elements")
    }

    @Test("An element is named by its place")
    func elementsPlace() {
        let refusal = Self.refusal { item, arena in
            item.n_refusals = 1
            item.refusals = arena.list(0..<1) { _ in arena.make(telltale__store__v1__refusal__init) }
        }
        #expect(refusal == "refusals[0].credential is required")
    }

    @Test("A range of status codes that runs backwards is refused")
    func backwardsRange() {
        let arena = MessageArena()
        let link = arena.make(telltale__store__v1__link_record__init)
        let service = arena.make(telltale__store__v1__service_target__init)
        service.pointee.name = arena.field("worker")
        service.pointee.n_expected_status = 1
        service.pointee.expected_status = arena.list(0..<1) { _ in
            let range = arena.make(telltale__store__v1__status_range__init)
            range.pointee.first = 299
            range.pointee.last = 200
            return range
        }
        link.pointee.project = arena.field("p")
        link.pointee.target_case = TELLTALE__STORE__V1__LINK_RECORD__TARGET_SERVICE
        link.pointee.service = service
        let bytes = MessageArena.pack(link)
        #expect(
            Self.refusal { try bytes.withUnsafeBytes { _ = try TestHost.coder.link(from: $0) } }
                == "service.expected_status[0].last must be at least first")
    }

    /// What is said of an item's record after `change`; nil when it is read.
    private static func refusal(after change: (inout Item, MessageArena) -> Void) -> String? {
        let arena = MessageArena()
        let item = arena.make(telltale__store__v1__item_record__init)
        item.pointee.project = arena.field("p")
        item.pointee.item = arena.field("github")
        let failure = arena.make(telltale__store__v1__failure__init)
        failure.pointee.code = TELLTALE__V1__PROBLEM_CODE__PROBLEM_CODE_TLS
        failure.pointee.cause = TELLTALE__V1__PROBLEM_CAUSE__PROBLEM_CAUSE_HOST
        failure.pointee.disposition = TELLTALE__STORE__V1__DISPOSITION__DISPOSITION_REPLACES
        failure.pointee.first_seen_at = arena.make(telltale__store__v1__moment__init)
        failure.pointee.last_seen_at = arena.make(telltale__store__v1__moment__init)
        item.pointee.failure = failure
        change(&item.pointee, arena)
        return refusal(of: MessageArena.pack(item))
    }

    private static func refusal(of bytes: [UInt8]) -> String? {
        refusal { try bytes.withUnsafeBytes { _ = try TestHost.coder.item(from: $0) } }
    }

    private static func refusal(_ read: () throws -> Void) -> String? {
        do {
            try read()
            return nil
        } catch { return "\(error)" }
    }
}

extension MessageArena {
    fileprivate func field(_ text: String) -> ProtobufCBinaryData {
        Array(text.utf8).withUnsafeBytes { bytes($0) }
    }
}
