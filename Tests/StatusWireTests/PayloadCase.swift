import ProtobufMessages
import StatusModel
import StatusWire
import TestSupport
import Testing

/// One kind of payload with its type erased, so that a test holds for all of them.
struct PayloadCase: Sendable, CustomTestStringConvertible {
    /// The full name of the message.
    var message: String
    /// The file below `proto/` that defines it.
    var file: String
    /// A random value, encoded.
    var sample: @Sendable (inout SeededGenerator, MessageArena) -> [UInt8]
    /// Decodes, and checks that what was accepted survives another round; false when the bytes were refused.
    var accepts: @Sendable ([UInt8], MessageArena) throws -> Bool
    /// Whether a random value comes back as it was.
    var roundTrips: @Sendable (inout SeededGenerator, MessageArena) throws -> Bool

    var testDescription: String { message }

    static let all: [PayloadCase] = [
        PayloadCase("telltale.v1.StatusEnvelope", "telltale/v1/status.proto") { $0.envelope() },
        PayloadCase("telltale.v1.GetStatusRequest", "telltale/v1/status_service.proto") { $0.statusRequest() },
        PayloadCase("telltale.v1.GetStatusResponse", "telltale/v1/status_service.proto") { $0.answer() },
        PayloadCase("telltale.v1.WatchRequest", "telltale/v1/status_service.proto") { $0.watchRequest() },
        PayloadCase("telltale.v1.WatchResponse", "telltale/v1/status_service.proto") { $0.watchMessage() },
        PayloadCase("telltale.v1.RunActionRequest", "telltale/v1/status_service.proto") { $0.actionRequest() },
        PayloadCase("telltale.v1.RunActionResponse", "telltale/v1/status_service.proto") {
            OperationReceipt(operation: $0.operation(), isReplayed: $0.chance())
        },
        PayloadCase("telltale.v1.GetOperationRequest", "telltale/v1/status_service.proto") { $0.operationQuery() },
        PayloadCase("telltale.v1.GetOperationResponse", "telltale/v1/status_service.proto") {
            GetOperationResponse(operation: $0.operation())
        },
        PayloadCase("telltale.v1.ListOperationsRequest", "telltale/v1/status_service.proto") {
            $0.operationListQuery()
        },
        PayloadCase("telltale.v1.ListOperationsResponse", "telltale/v1/status_service.proto") { generator in
            OperationPage(operations: generator.some { $0.operation() }, nextPageToken: generator.text())
        },
        PayloadCase("google.rpc.Status", "google/rpc/status.proto") { $0.errorStatus() },
        PayloadCase("telltale.v1.IngestWebhookRequest", "telltale/v1/ingest_service.proto") { $0.delivery() },
        PayloadCase("telltale.v1.IngestWebhookResponse", "telltale/v1/ingest_service.proto") { generator in
            WebhookReceipt(events: generator.some { $0.eventID() }, isDuplicate: generator.chance())
        },
        PayloadCase("telltale.v1.ReportRunRequest", "telltale/v1/ingest_service.proto") { $0.runReport() },
        PayloadCase("telltale.v1.ReportRunResponse", "telltale/v1/ingest_service.proto") { generator in
            RunReceipt(event: generator.maybe { $0.eventID() }, isDuplicate: generator.chance())
        },
        PayloadCase("telltale.v1.ListProjectsRequest", "telltale/v1/admin_service.proto") {
            ListProjectsRequest(pageSize: Int($0.next() % 1000) + 1, pageToken: $0.text())
        },
        PayloadCase("telltale.v1.ListProjectsResponse", "telltale/v1/admin_service.proto") { $0.projectPage() },
        PayloadCase("telltale.v1.InvalidateRequest", "telltale/v1/admin_service.proto") { generator in
            InvalidateRequest(projectID: generator.maybe { $0.project() }, keys: generator.some { $0.item() })
        },
        PayloadCase("telltale.v1.InvalidateResponse", "telltale/v1/admin_service.proto") {
            InvalidateResponse(invalidated: Int($0.next() >> 32))
        },
        PayloadCase("telltale.v1.AcceptLostKeysResponse", "telltale/v1/admin_service.proto") {
            LostKeysReceipt(isAccepted: $0.next() % 2 == 0)
        },
        PayloadCase("telltale.v1.ReloadResponse", "telltale/v1/admin_service.proto") { generator in
            ReloadReport(
                projectsAdded: Int(generator.next() >> 32), projectsChanged: Int(generator.next() >> 32),
                projectsRemoved: Int(generator.next() >> 32), needsRestart: generator.some { $0.text() })
        },
        PayloadCase("telltale.v1.ExplainRequest", "telltale/v1/admin_service.proto") {
            ExplainRequest(projectID: $0.project(), key: $0.item())
        },
        PayloadCase("telltale.v1.ExplainResponse", "telltale/v1/admin_service.proto") { $0.explanation() },
        PayloadCase("telltale.v1.GetServerInfoResponse", "telltale/v1/admin_service.proto") { $0.serverInfo() },
        PayloadCase("telltale.v1.GetCacheStatsResponse", "telltale/v1/admin_service.proto") { $0.cacheStats() },
        PayloadCase("grpc.health.v1.HealthCheckRequest", "grpc/health/v1/health.proto") {
            HealthCheckRequest(service: $0.text())
        },
        PayloadCase("grpc.health.v1.HealthCheckResponse", "grpc/health/v1/health.proto") {
            $0.pick(ServingStatus.allCases)
        },
        PayloadCase("grpc.health.v1.HealthListResponse", "grpc/health/v1/health.proto") { $0.healthList() },
    ]

    private init<Value: WirePayload & Equatable & SendableMetatype>(
        _ message: String, _ file: String, _ random: @escaping @Sendable (inout SeededGenerator) -> Value
    ) {
        self.message = message
        self.file = file
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
