import ProtobufMessages
import StatusModel
import StatusWire
import TestSupport
import Testing

/// One kind of payload with its type erased, so that a test holds for all of them.
struct PayloadCase: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// A random value, encoded.
    var sample: @Sendable (inout SeededGenerator, MessageArena) -> [UInt8]
    /// Decodes, and checks that what was accepted survives another round; false when the bytes were refused.
    var accepts: @Sendable ([UInt8], MessageArena) throws -> Bool
    /// Whether a random value comes back as it was.
    var roundTrips: @Sendable (inout SeededGenerator, MessageArena) throws -> Bool

    static let all: [PayloadCase] = [
        PayloadCase("StatusEnvelope") { $0.envelope() },
        PayloadCase("GetStatusRequest") { $0.statusRequest() },
        PayloadCase("GetStatusResponse") { $0.answer() },
        PayloadCase("WatchRequest") { $0.watchRequest() },
        PayloadCase("WatchResponse") { $0.watchMessage() },
        PayloadCase("google.rpc.Status") { $0.errorStatus() },
        PayloadCase("ListProjectsRequest") {
            ListProjectsRequest(pageSize: Int($0.next() % 1000) + 1, pageToken: $0.text())
        },
        PayloadCase("ListProjectsResponse") { $0.projectPage() },
        PayloadCase("InvalidateRequest") { generator in
            InvalidateRequest(projectID: generator.maybe { $0.project() }, keys: generator.some { $0.item() })
        },
        PayloadCase("InvalidateResponse") { InvalidateResponse(invalidated: Int($0.next() >> 32)) },
        PayloadCase("GetServerInfoResponse") { $0.serverInfo() },
        PayloadCase("GetCacheStatsResponse") { $0.cacheStats() },
        PayloadCase("HealthCheckRequest") { HealthCheckRequest(service: $0.text()) },
        PayloadCase("HealthCheckResponse") { $0.pick(ServingStatus.allCases) },
        PayloadCase("HealthListResponse") { $0.healthList() },
    ]

    private init<Value: WirePayload & Equatable & SendableMetatype>(
        _ name: String, _ random: @escaping @Sendable (inout SeededGenerator) -> Value
    ) {
        testDescription = name
        sample = { generator, arena in random(&generator).encoded(in: arena) }
        accepts = { bytes, arena in
            guard let value = try? Value(decoding: bytes, in: arena) else { return false }
            let again = try Value(decoding: value.encoded(in: arena), in: arena)
            guard again == value else { throw NotStable() }
            return true
        }
        roundTrips = { generator, arena in
            let value = random(&generator)
            return try Value(decoding: value.encoded(in: arena), in: arena) == value
        }
    }

    /// What was decoded from hostile bytes is not what it is encoded to.
    struct NotStable: Error {}
}
