import ProtobufMessages
import StatusModel
import StatusWire
import TestSupport
import Testing

/// Bytes of a message, written by hand where no valid value would give them.
private enum Raw {
    static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        precondition(number < 16 && bytes.count < 128)
        return [number << 3 | 2, UInt8(bytes.count)] + bytes
    }

    static func field(_ number: UInt8, _ text: String) -> [UInt8] { field(number, [UInt8](text.utf8)) }

    static func field(_ number: UInt8, varint value: Int64) -> [UInt8] {
        var rest = UInt64(bitPattern: value)
        var bytes = [number << 3]
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    static func duration(_ seconds: Int64, _ nanos: Int64 = 0) -> [UInt8] {
        field(1, varint: seconds) + field(2, varint: nanos)
    }
}

@Suite("A request of a peer")
struct RequestCheckTests {
    private let arena = MessageArena()

    private static let wrongStatusRequests: [(bytes: [UInt8], field: String)] = [
        ([], "project_id"),
        (Raw.field(1, ".hidden"), "project_id"),
        (Raw.field(1, [0xC3, 0x28]), "project_id"),
        (Raw.field(1, "two words"), "project_id"),
        (Raw.field(1, "p") + Raw.field(2, [0xFF]), "if_none_match"),
        (Raw.field(1, "p") + Raw.field(3, Raw.field(1, Raw.duration(-1))), "contract.max_age"),
        (Raw.field(1, "p") + Raw.field(3, Raw.field(2, Raw.duration(0, -1))), "contract.max_wait"),
        (Raw.field(1, "p") + Raw.field(3, Raw.field(3, Raw.duration(.max))), "contract.max_stale.seconds"),
        (Raw.field(1, "p") + Raw.field(5, Raw.duration(0, 1_000_000_000)), "timeout.nanos"),
        (Raw.field(1, "p") + Raw.field(5, Raw.duration(1, -1)), "timeout.nanos"),
        ([0x0A, 0x7F, 0x70], ""),
    ]

    private func refusal<Payload: WirePayload>(_ type: Payload.Type, _ bytes: [UInt8]) -> WireError? {
        do {
            _ = try Payload(decoding: bytes, in: arena)
            return nil
        } catch { return error }
    }

    @Test("names the field that is wrong", arguments: Self.wrongStatusRequests)
    func statusRequestErrors(bytes: [UInt8], field: String) throws {
        let error = try #require(refusal(GetStatusRequest.self, bytes))
        #expect(error.field == field)
        let status = ErrorStatus(error)
        #expect(status.code == 3)
        #expect(status.violations.map(\.field) == [field])
    }

    @Test("may leave out everything but the project")
    func defaults() throws {
        let request = try GetStatusRequest(decoding: Raw.field(1, "p"), in: arena)
        #expect(request.projectID.rawValue == "p")
        #expect(request.ifNoneMatch.isEmpty)
        #expect(request.contract == ReadersContract())
        #expect(request.mode == .cached)
        #expect(request.timeout == nil)
    }

    @Test("for a mode that only a newer peer knows reads the cache")
    func unknownMode() throws {
        let bytes = Raw.field(1, "p") + Raw.field(4, varint: 99)
        #expect(try GetStatusRequest(decoding: bytes, in: arena).mode == .cached)
        let negative = Raw.field(1, "p") + Raw.field(4, varint: -1)
        #expect(try GetStatusRequest(decoding: negative, in: arena).mode == .cached)
    }

    @Test("asks nothing by a contract of zero, and is told apart from one that is absent")
    func zeroIsNotAbsent() throws {
        let bytes = Raw.field(1, "p") + Raw.field(3, Raw.field(1, []))
        #expect(try GetStatusRequest(decoding: bytes, in: arena).contract == ReadersContract(maxAge: .zero))
    }

    @Test("that comes in two pieces is read as one: messages merge, and of a plain field the last counts")
    func merged() throws {
        let first = Raw.field(1, "a") + Raw.field(3, Raw.field(1, Raw.duration(1)))
        let second = Raw.field(1, "b") + Raw.field(3, Raw.field(2, Raw.duration(2)))
        let request = try GetStatusRequest(decoding: first + second, in: arena)
        #expect(request.projectID.rawValue == "b")
        #expect(request.contract == ReadersContract(maxAge: .seconds(1), maxWait: .seconds(2)))
    }

    @Test("names at most 1024 projects to watch", arguments: [(1024, nil), (1025, "project_ids")] as [(Int, String?)])
    func projectsBound(count: Int, field: String?) {
        let bytes = (0..<count).flatMap { Raw.field(1, "p\($0)") }
        #expect(refusal(WatchRequest.self, bytes)?.field == field)
    }

    @Test("names at most 32 kinds of events", arguments: [(32, nil), (33, "kinds")] as [(Int, String?)])
    func kindsBound(count: Int, field: String?) {
        let bytes = (0..<count).flatMap { Raw.field(3, "kind:\($0)") }
        #expect(refusal(WatchRequest.self, bytes)?.field == field)
    }

    @Test("says which of its projects is not well-formed")
    func indexInPath() {
        let bytes = Raw.field(1, "fine") + Raw.field(1, "not fine")
        #expect(refusal(WatchRequest.self, bytes)?.field == "project_ids[1]")
    }

    @Test("invalidates every project when it names none, and refuses an item that does not exist")
    func invalidate() throws {
        #expect(try InvalidateRequest(decoding: [], in: arena) == InvalidateRequest(projectID: nil))
        #expect(refusal(InvalidateRequest.self, Raw.field(2, "gitlab"))?.field == "keys[0]")
        let many = (0..<257).flatMap { Raw.field(2, "service:s\($0)") }
        #expect(refusal(InvalidateRequest.self, many)?.field == "keys")
    }

    @Test(
        "to explain an item names both the project and the item",
        arguments: [
            (Raw.field(2, "github"), "project_id"), (Raw.field(1, "p"), "key"),
            (Raw.field(1, "p") + Raw.field(2, "gitlab"), "key"), (Raw.field(1, "p") + Raw.field(2, [0xFF]), "key"),
        ] as [([UInt8], String)])
    func explain(bytes: [UInt8], field: String) {
        #expect(refusal(ExplainRequest.self, bytes)?.field == field)
    }

    @Test(
        "for a page of any size gets one of at most 1000", arguments: [(0, 1000), (1, 1), (1000, 1000), (1001, 1000)])
    func pageSize(asked: Int64, got: Int) throws {
        #expect(try ListProjectsRequest(decoding: Raw.field(1, varint: asked), in: arena).pageSize == got)
    }

    @Test("made of two million empty elements is refused within the arena's bound")
    func amplification() {
        let hostile = [UInt8](unsafeUninitializedCapacity: 4 << 20) { buffer, count in
            for index in stride(from: 0, to: 4 << 20, by: 2) {
                buffer[index] = 0x0A
                buffer[index + 1] = 0
            }
            count = 4 << 20
        }
        #expect(refusal(WatchRequest.self, hostile) == .malformed)
    }
}
