import StatusModel

/// Everything the simulator knows, and its decisions: values in, values out, no lock and no socket.
struct SimulatorState: Sendable {
    /// What becomes of one request.
    struct Delivery: Sendable {
        /// How long the answer is held back.
        var delay: Duration = .zero
        var transmission: Transmission
        /// Whether it counts; what the control interface answers does not.
        var isCounted = false
        /// The names of the faults that struck.
        var faults: [String] = []
    }

    var github = GitHubSimulation()
    var vercel = VercelSimulation()
    var sanity = SanitySimulation()
    var supabase = SupabaseSimulation()
    var services = ServicesSimulation()
    var statusPages = StatusPageSimulation()
    var faults = FaultTable()
    var log = RequestLog()

    /// Decides on one request.
    mutating func receive(
        _ request: SimulatedRequest, now: UnixTime, using generator: inout some RandomNumberGenerator
    ) -> Delivery {
        if request.segments.first == "_sim" {
            return Delivery(transmission: .answer(control(request, now: now)))
        }
        guard let provider = Self.provider(for: request) else { return Delivery(transmission: .answer(.nobody)) }
        let (latency, spoiler) = faults.take(provider: provider, path: request.path)
        let answer = play(provider, spoiler == nil ? request : request.unconditional(), now: now)
        let struck = [latency, spoiler].compactMap { $0?.name }
        log.begin(
            provider: provider.rawValue, request: request, notModified: answer.status == 304, faulted: !struck.isEmpty)
        let transmission = spoiler?.transmission(of: answer) { Self.failure(of: provider, status: $0) }
        return Delivery(
            delay: answer.delay + (latency?.delay(of: provider, at: request.place, using: &generator) ?? .zero),
            transmission: transmission ?? .answer(answer),
            isCounted: true, faults: struck)
    }

    private static func provider(for request: SimulatedRequest) -> SimulatedPart? {
        if let part = request.segments.first.flatMap(SimulatedPart.init(rawValue:)), part != .github { return part }
        return GitHubSimulation.claims(request) ? .github : nil
    }

    private static func failure(of provider: SimulatedPart, status: Int) -> SimulatedAnswer {
        switch provider {
        case .github: GitHubSimulation.failure(status: status)
        case .services: ServicesSimulation.failure(status: status)
        case .vercel: VercelSimulation.failure(status: status)
        case .sanity: SanitySimulation.failure(status: status)
        case .supabase: SupabaseSimulation.failure(status: status)
        case .statuspage: StatusPageSimulation.failure(status: status)
        }
    }

    private mutating func play(_ provider: SimulatedPart, _ request: SimulatedRequest, now: UnixTime) -> SimulatedAnswer
    {
        switch provider {
        case .github: github.answer(request, now: now)
        case .services: services.answer(request, now: now)
        case .vercel: vercel.answer(request, now: now)
        case .sanity: sanity.answer(request, now: now)
        case .supabase: supabase.answer(request, now: now)
        case .statuspage: statusPages.answer(request, now: now)
        }
    }
}

extension SimulatedAnswer {
    /// For a path that no provider claims.
    fileprivate static let nobody = ControlError(
        404, "no provider is played at this path; see GET /_sim/state for what there is"
    ).answer
}

extension Fault {
    /// The delay of a latency fault with its jitter drawn; zero for any other.
    fileprivate func delay(
        of provider: SimulatedPart, at place: String, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        if let delay = steadyDelay(of: provider, at: place) { return delay }
        guard case .latency(let delay, let jitter, _) = kind else { return .zero }
        return delay + .milliseconds(Int64.random(in: 0...Self.milliseconds(jitter), using: &generator))
    }

    /// The delay of a steady latency fault; nil for any other.
    package func steadyDelay(of provider: SimulatedPart, at place: String) -> Duration? {
        guard case .latency(let delay, let jitter, true) = kind else { return nil }
        let drawn = Fingerprint("latency", provider.rawValue, place).number(max: Int(Self.milliseconds(jitter)) + 1)
        return delay + .milliseconds(drawn - 1)
    }

    private static func milliseconds(_ jitter: Duration) -> Int64 { max(0, jitter.saturatedNanoseconds / 1_000_000) }
}
