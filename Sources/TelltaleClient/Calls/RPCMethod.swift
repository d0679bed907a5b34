/// A method of the daemon, by its names on the wire.
struct RPCMethod: Hashable, Sendable {
    let service: String
    let name: String

    static let getStatus = RPCMethod(service: "telltale.v1.StatusService", name: "GetStatus")
    static let watch = RPCMethod(service: "telltale.v1.StatusService", name: "Watch")
    static let runAction = RPCMethod(service: "telltale.v1.StatusService", name: "RunAction")
    static let getOperation = RPCMethod(service: "telltale.v1.StatusService", name: "GetOperation")
    static let listOperations = RPCMethod(service: "telltale.v1.StatusService", name: "ListOperations")
    static let ingestWebhook = RPCMethod(service: "telltale.v1.IngestService", name: "IngestWebhook")
    static let reportRun = RPCMethod(service: "telltale.v1.IngestService", name: "ReportRun")
    static let listProjects = RPCMethod(service: "telltale.v1.AdminService", name: "ListProjects")
    static let invalidate = RPCMethod(service: "telltale.v1.AdminService", name: "Invalidate")
    static let acceptLostKeys = RPCMethod(service: "telltale.v1.AdminService", name: "AcceptLostKeys")
    static let getCacheStats = RPCMethod(service: "telltale.v1.AdminService", name: "GetCacheStats")
    static let explain = RPCMethod(service: "telltale.v1.AdminService", name: "Explain")
    static let getServerInfo = RPCMethod(service: "telltale.v1.AdminService", name: "GetServerInfo")
    static let reload = RPCMethod(service: "telltale.v1.AdminService", name: "Reload")
    static let healthCheck = RPCMethod(service: "grpc.health.v1.Health", name: "Check")
    static let healthList = RPCMethod(service: "grpc.health.v1.Health", name: "List")
}
