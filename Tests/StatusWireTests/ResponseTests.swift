import CTelltaleProtos
import ProtobufMessages
import StatusModel
import StatusWire
import Testing

@Suite("A response")
struct ResponseTests {
    private let arena = MessageArena()

    @Test("that is broken deep inside names the whole path")
    func path() throws {
        var envelope = StatusEnvelope(projectID: try #require(ProjectID("p")))
        envelope.items[2].problem = Problem(code: .tls, cause: .host, hint: "ok", retryAfter: UnixTime(seconds: 1))
        let answer = StatusAnswer(envelope: envelope, hash: "", source: .hit)
        let bytes = arena.scoped {
            let message = answer.message(in: arena)
            let problem = message.pointee.envelope.pointee.items[2]?.pointee.problem
            problem?.pointee.retry_after.pointee.nanos = -1
            return MessageArena.pack(message)
        }
        #expect {
            try StatusAnswer(decoding: bytes, in: arena)
        } throws: {
            ($0 as? WireError)?.description == "envelope.items[2].problem.retry_after.nanos must be 0 to 999999999"
        }
    }

    @Test("within a ttrpc response is read in the same arena, and the outer message stays whole")
    func nested() throws {
        let error = ErrorStatus(code: 14, message: "later", retryAfter: .seconds(2))
        let bytes = arena.scoped {
            let response = arena.make(ttrpc__response__init)
            response.pointee.status = error.message(in: arena)
            response.pointee.payload = CacheStats(hits: 7).encoded(in: arena).withUnsafeBytes { arena.bytes($0) }
            return MessageArena.pack(response)
        }
        try bytes.withUnsafeBytes { bytes in
            try arena.scoped {
                let response = try #require(arena.unpack(bytes, with: ttrpc__response__unpack)).pointee
                let payload = UnsafeRawBufferPointer(field: response.payload)
                #expect(try CacheStats(decoding: payload, in: arena) == CacheStats(hits: 7))
                #expect(ErrorStatus(message: response.status.pointee) == error)
                #expect(try CacheStats(decoding: payload, in: arena) == CacheStats(hits: 7))
            }
        }
    }

    @Test("of the longest page of projects fits a frame")
    func pageFitsFrame() throws {
        let name = String(repeating: "p", count: ProjectID.lengthBytesMax)
        let project = ProjectOverview(
            projectID: try #require(ProjectID(name)), overall: .disconnected,
            hash: String(repeating: "f", count: 64), updatedAt: UnixTime(nanoseconds: .min),
            counts: StateCounts(connected: .max, warning: .max, error: .max, disconnected: .max), isStale: true)
        let projects = [ProjectOverview](repeating: project, count: ListProjectsRequest.pageSizeMax)
        let page = ProjectPage(projects: projects, nextPageToken: name)
        #expect(page.encoded(in: arena).count < 4 << 20)
    }

    @Test("with an answer that is absent says the least")
    func absentAnswer() throws {
        let answer = try StatusAnswer(decoding: [], in: arena)
        #expect(answer == StatusAnswer(envelope: nil, hash: "", source: .stale, freshness: .old))
    }

    @Test("whose counts are beyond the model's are clamped")
    func clampedCounts() throws {
        let size: [UInt8] = [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]
        #expect(try CacheStats(decoding: size, in: arena).size == .max)
        #expect(try CacheStats(decoding: CacheStats(size: -1).encoded(in: arena), in: arena).size == 0)
    }

    @Test("without a word of the store keeps nothing, and its counts are clamped as well")
    func store() throws {
        #expect(try CacheStats(decoding: [], in: arena).store == StoreStats())
        // Field 8, the store, with `pending` of all bits.
        let many: [UInt8] =
            [0x42, 0x0B, 0x28] + [UInt8](repeating: 0xFF, count: 9) + [0x01]
        #expect(try CacheStats(decoding: many, in: arena).store.pending == .max)
    }

    @Test("that explains nothing of an item is refused, and so is one of a million reasons")
    func explanation() throws {
        #expect {
            try ItemExplanation(decoding: [], in: arena)
        } throws: {
            ($0 as? WireError)?.description == "status is required"
        }
        let status = IntegrationStatus(key: .provider(.github))
        let explanation = ItemExplanation(status: status, reasons: ["So it is."])
        let bytes = explanation.encoded(in: arena)
        #expect(try ItemExplanation(decoding: bytes, in: arena) == explanation)
        // Field 8 with no text.
        let hostile = bytes + (0..<ItemExplanation.reasonsMax).flatMap { _ in [0x42, 0x00] as [UInt8] }
        #expect {
            try ItemExplanation(decoding: hostile, in: arena)
        } throws: {
            ($0 as? WireError)?.field == "reasons"
        }
        // Field 4, the breaker, and field 10, the demand, of a newer daemon.
        let newer = try ItemExplanation(decoding: bytes + [0x20, 0x63, 0x52, 0x01, 0x78], in: arena)
        #expect(newer.breaker == nil && newer.demand == nil)
    }

    @Test("of health lists each part once, and the last of two counts")
    func healthMap() throws {
        let serving = HealthList(statuses: ["": .serving, "github": .serving]).encoded(in: arena)
        let failing = HealthList(statuses: ["github": .notServing]).encoded(in: arena)
        let list = try HealthList(decoding: serving + failing, in: arena)
        #expect(list == HealthList(statuses: ["": .serving, "github": .notServing]))
        // An entry without its value, as every map of protobuf may hold.
        let bare = try HealthList(decoding: [0x0A, 0x03, 0x0A, 0x01, 0x61], in: arena)
        #expect(bare == HealthList(statuses: ["a": .unknown]))
    }
}
