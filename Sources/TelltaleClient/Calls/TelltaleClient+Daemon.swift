import ProtobufMessages
public import StatusModel
import StatusWire

extension TelltaleClient {
    /// More pages than any daemon has: one that never says which page is the last must not be followed for ever.
    private static let pagesMax = 1000

    /// The projects that the role may see, each in a line, sorted by id. They come in pages of at most 1000, and the
    /// timeout, nil for the client's own, is that of a page.
    public func projects(timeout: Duration? = nil) async throws(TelltaleError) -> [ProjectOverview] {
        let channel = try channel()
        var projects: [ProjectOverview] = []
        var token = ""
        for _ in 0..<Self.pagesMax {
            let request = ListProjectsRequest(pageToken: token)
            let page: ProjectPage = try await channel.call(.listProjects, timeout: timeout) { request.encoded(in: $0) }
            projects += page.projects
            token = page.nextPageToken
            if token.isEmpty { return projects }
        }
        throw TelltaleError(.internal, "The daemon's list of projects has no end.")
    }

    /// What the daemon is: its version, and since when it runs. The timeout is the client's own unless given.
    public func serverInfo(timeout: Duration? = nil) async throws(TelltaleError) -> ServerInfo {
        try await channel().call(.getServerInfo, timeout: timeout)
    }

    /// What the daemon's cache holds, and how often it helped. The timeout is the client's own unless given.
    public func cacheStatistics(timeout: Duration? = nil) async throws(TelltaleError) -> CacheStats {
        try await channel().call(.getCacheStats, timeout: timeout)
    }

    /// Has the daemon read its configuration anew. Changed projects count at once, and the answer names what does not. The
    /// timeout is the client's own unless given.
    ///
    /// - Throws: ``TelltaleError/Code/failedPrecondition`` when the file has mistakes: the message names each on a line of
    ///   its own, and nothing has changed. ``TelltaleError/Code/permissionDenied`` below the role admin.
    public func reload(timeout: Duration? = nil) async throws(TelltaleError) -> ReloadReport {
        try await channel().call(.reload, timeout: timeout)
    }

    /// Ends the time in which the daemon refuses keys that it does not know because its store may have forgotten some. From then
    /// on each of them is new: look first which of them may still be sent again. The timeout is the client's own unless given.
    ///
    /// - Returns: Whether keys counted as lost until now.
    /// - Throws: ``TelltaleError/Code/permissionDenied`` below the role admin.
    public func acceptLostKeys(timeout: Duration? = nil) async throws(TelltaleError) -> Bool {
        let receipt: LostKeysReceipt = try await channel().call(.acceptLostKeys, timeout: timeout)
        return receipt.isAccepted
    }

    /// Whether the daemon, or a part of it, can serve.
    ///
    /// - Parameters:
    ///   - part: `persistence` or a provider's key; empty for the whole daemon.
    ///   - timeout: How long to wait for the answer; nil for the client's own.
    /// - Returns: serving or not; never `serviceUnknown`.
    /// - Throws: ``TelltaleError/Code/notFound`` when there is no such part.
    public func health(of part: String = "", timeout: Duration? = nil) async throws(TelltaleError) -> ServingStatus {
        let request = HealthCheckRequest(service: part)
        return try await channel().call(.healthCheck, timeout: timeout) { request.encoded(in: $0) }
    }

    /// Whether the daemon and each of its parts can serve, by the part's name; the whole has the empty one. The timeout
    /// is the client's own unless given.
    public func healthList(timeout: Duration? = nil) async throws(TelltaleError) -> [String: ServingStatus] {
        let list: HealthList = try await channel().call(.healthList, timeout: timeout)
        return list.statuses
    }
}
