import StatusModel

/// The control interface: JSON below `/_sim/`, on the port of the simulator itself.
extension SimulatorState {
    private struct Summary: Encodable {
        var now: String
        var github: GitHubSimulation.Summary
        var services: ServicesSimulation.Summary
        var vercel: VercelSimulation.Summary
        var sanity: SanitySimulation.Summary
        var supabase: SupabaseSimulation.Summary
        var statuspage: StatusPageSimulation.Summary
        var faults: [FaultSummary]
    }

    private struct FaultList: Encodable {
        var faults: [FaultSummary]
        /// The number of the fault just put in force.
        var id: Int?
    }

    static let commands = """
        GET health, GET state, GET and DELETE requests, GET, POST and DELETE faults, DELETE faults/{id}, \
        and what is below github, services, vercel, sanity, supabase and statuspage
        """

    /// Answers one control request; a refusal says what to do.
    mutating func control(_ request: SimulatedRequest, now: UnixTime) -> SimulatedAnswer {
        do {
            return try command(request, path: Array(request.segments.dropFirst()), now: now)
        } catch {
            return error.answer
        }
    }

    private mutating func command(
        _ request: SimulatedRequest, path: [String], now: UnixTime
    ) throws(ControlError) -> SimulatedAnswer {
        switch (request.method, path.first, path.count) {
        case ("GET", "health", 1):
            return .json(200, ["status": "ok"])
        case ("GET", "state", 1):
            return .json(
                200,
                Summary(
                    now: TimeText.iso8601(now), github: github.summary(now: now), services: services.summary(now: now),
                    vercel: vercel.summary(now: now),
                    sanity: sanity.summary(now: now),
                    supabase: supabase.summary(now: now),
                    statuspage: statusPages.summary(now: now),
                    faults: faultSummaries))
        case ("GET", "requests", 1):
            return .json(200, log.counts)
        case ("DELETE", "requests", 1):
            log.reset()
            return .json(200, log.counts)
        case (_, "faults", 1...2):
            return try faultCommand(request, path: path)
        case (_, "github", 2...):
            return try github.control(request, path: Array(path.dropFirst()), now: now)
        case (_, "services", 2...):
            return try services.control(request, path: Array(path.dropFirst()), now: now)
        case (_, "vercel", 2...):
            return try vercel.control(request, path: Array(path.dropFirst()), now: now)
        case (_, "sanity", 2...):
            return try sanity.control(request, path: Array(path.dropFirst()), now: now)
        case (_, "supabase", 2...):
            return try supabase.control(request, path: Array(path.dropFirst()), now: now)
        case (_, "statuspage", 2...):
            return try statusPages.control(request, path: Array(path.dropFirst()), now: now)
        default:
            throw ControlError(404, "no such command; below /_sim there are: \(Self.commands)")
        }
    }

    private mutating func faultCommand(
        _ request: SimulatedRequest, path: [String]
    ) throws(ControlError) -> SimulatedAnswer {
        switch (request.method, path.count) {
        case ("GET", 1):
            return .json(200, FaultList(faults: faultSummaries))
        case ("POST", 1):
            let id = try faults.insert(try FaultBody.decoded(from: request).fault())
            return .json(201, FaultList(faults: faultSummaries, id: id))
        case ("DELETE", 1):
            faults.removeAll()
            return .json(200, FaultList(faults: []))
        case ("DELETE", 2):
            guard let id = Int(path[1]), faults.remove(id: id) else {
                throw ControlError(404, "no fault has the number \(quoted(path[1])); see GET /_sim/faults")
            }
            return .json(200, FaultList(faults: faultSummaries))
        default:
            throw ControlError(405, "faults take GET, POST and DELETE; faults/{id} takes DELETE")
        }
    }

    private var faultSummaries: [FaultSummary] { faults.entries.map(FaultSummary.init) }
}
