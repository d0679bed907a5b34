package import StatusCore
package import StatusEngine
import StatusModel
import StatusWire
import TTRPCCore
package import TTRPCTransport

extension MethodTable {
    /// Every method of the protocol, the busiest first. Those that this version lacks answer `UNIMPLEMENTED`.
    package static func telltale(
        engine: StatusEngine, time: any TimeSource, reader: ReaderPolicy, heartbeat: Duration, watches: WatchHubs,
        admin: AdminMethods, health: DaemonHealth, webhooks: WebhookMethod, audit: AuditLog
    ) -> Self {
        var table = MethodTable()
        let status: StaticString = "telltale.v1.StatusService"
        table.add(status, "GetStatus", GetStatusMethod(engine: engine, time: time, policy: reader))
        table.addStream(status, "Watch", WatchMethod(hubs: watches, heartbeat: heartbeat))
        table.addActions(ActionMethods(engine: engine, time: time, audit: audit))
        let ingest: StaticString = "telltale.v1.IngestService"
        table.add(
            ingest, "IngestWebhook",
            MessageMethod { (delivery: WebhookDelivery, caller) async throws(RPCStatus) in
                try await webhooks.ingest(delivery, caller)
            })
        let ingestion = IngestMethods(engine: engine, time: time)
        table.add(
            ingest, "ReportRun",
            MessageMethod { (report: RunReport, caller) async throws(RPCStatus) in
                try await ingestion.reportRun(report, caller)
            })
        table.addAdmin(admin)
        let lostKeys = LostKeysMethod(engine: engine, audit: audit)
        table.add(
            "telltale.v1.AdminService", "AcceptLostKeys",
            QuestionMethod { (caller: Principal) async throws(RPCStatus) in try await lostKeys.accept(caller) })
        table.addHealth(health)
        return table
    }

    private mutating func addActions(_ actions: ActionMethods) {
        let service: StaticString = "telltale.v1.StatusService"
        add(
            service, "RunAction",
            MessageMethod(onMalformed: actions.audit.malformed) {
                (request: ActionRequest, caller) async throws(RPCStatus) in
                try await actions.run(request, caller)
            })
        add(
            service, "GetOperation",
            MessageMethod { (query: OperationQuery, caller) async throws(RPCStatus) in
                GetOperationResponse(operation: try await actions.operation(query, caller))
            })
        add(
            service, "ListOperations",
            MessageMethod { (query: OperationListQuery, caller) async throws(RPCStatus) in
                try await actions.operations(query, caller)
            })
    }

    private mutating func addAdmin(_ admin: AdminMethods) {
        let service: StaticString = "telltale.v1.AdminService"
        add(
            service, "ListProjects",
            MessageMethod { (request: ListProjectsRequest, caller) in admin.listProjects(request, caller) })
        add(service, "GetServerInfo", QuestionMethod { caller in admin.serverInfo(caller) })
        add(service, "GetCacheStats", QuestionMethod { caller in await admin.cacheStats(caller) })
        add(
            service, "Invalidate",
            MessageMethod { (request: InvalidateRequest, caller) async throws(RPCStatus) in
                try await admin.invalidate(request, caller)
            })
        add(
            service, "Explain",
            MessageMethod { (request: ExplainRequest, caller) async throws(RPCStatus) in
                try await admin.explain(request, caller)
            })
        add(service, "GetMetrics", UnbuiltMethod(name: "Giving metrics"))
        add(
            service, "Reload",
            QuestionMethod { (caller: Principal) async throws(RPCStatus) in try await admin.reload(caller) })
    }

    private mutating func addHealth(_ health: DaemonHealth) {
        let service: StaticString = "grpc.health.v1.Health"
        add(
            service, "Check",
            MessageMethod { (request: HealthCheckRequest, _) async throws(RPCStatus) in try health.check(request) })
        add(service, "List", QuestionMethod { _ in health.all })
        addStream(service, "Watch", HealthWatchMethod(health: health))
    }
}
