package import StatusCore
package import StatusModel

/// What is known of a project's webhooks: read slowly, and carried from read to read in between (providers.md §9).
package struct SanityWebhooks: Hashable, Sendable {
    /// How long an answer is not asked for again.
    package static let interval = Duration.seconds(5 * 60)
    /// The same after a list that could not be had for a reason that may pass.
    package static let retryInterval = Duration.seconds(60)
    /// How long a list stands that could not be renewed, before that is worth a word.
    package static let listStands = Duration.seconds(15 * 60)

    /// How long the route by which deliveries were found is taken first (SPEC §4).
    package static let routeStands = Duration.seconds(24 * 60 * 60)

    /// The longest that Sanity may hold requests off; a longer wait was not meant, or our clock is wrong.
    package static let heldMax = Duration.seconds(24 * 60 * 60)

    /// Why the newest list could not be had.
    package struct Trouble: Hashable, Sendable {
        package var code: ProblemCode
        package var cause: ProblemCause
    }

    /// Those that are judged, of the newest list.
    package var hooks: [SanityHook] = []
    package var trouble: Trouble?
    /// When the list was asked for.
    package var askedAt: UnixTime?
    /// When it was had.
    package var listedAt: UnixTime?
    /// Sanity wants no request of this kind before then.
    package var heldUntil: UnixTime?
    /// Which of ``SanityRequests/deliveries(hook:)`` answers; nil for the first.
    package var route: Int?
    /// When that was found out.
    package var routeLearntAt: UnixTime?

    package init() {}

    package func isHeld(at now: UnixTime) -> Bool {
        heldUntil.map { now < $0 && $0.since(now) <= Self.heldMax } ?? false
    }

    package func isListDue(at now: UnixTime) -> Bool {
        let mayPass = trouble.map { $0.cause != .refused } ?? false
        return !Self.stands(askedAt, for: mayPass ? Self.retryInterval : Self.interval, at: now)
    }

    /// The route by which to ask for deliveries first.
    package func firstRoute(at now: UnixTime) -> Int {
        Self.stands(routeLearntAt, for: Self.routeStands, at: now) ? route ?? 0 : 0
    }

    /// The hooks whose deliveries are to be asked for.
    package func due(at now: UnixTime) -> [SanityHook] {
        hooks.filter { $0.state == .live && !Self.stands($0.askedAt, for: Self.interval, at: now) }
    }

    /// Whether a hook was listed that nothing is known of yet.
    package var isPartial: Bool { hooks.contains { $0.state == .live && $0.askedAt == nil } }

    /// A time ahead of ours was written by a clock since corrected, and holds nothing back.
    private static func stands(_ time: UnixTime?, for interval: Duration, at now: UnixTime) -> Bool {
        time.map { (.zero..<interval).contains(now.since($0)) } ?? false
    }
}

/// What answers change.
extension SanityWebhooks {
    /// Takes in what the request for the list was answered. Known hooks keep what is known of their deliveries.
    package mutating func note(list answer: SanityAnswer, dataset: String, now: UnixTime) {
        askedAt = now
        switch answer.read(at: now, as: { SanityHook.list(json: $0, dataset: dataset) }) {
        case .success(let listed):
            let known = Dictionary(hooks.map { ($0.id, $0) }) { first, _ in first }
            hooks = listed.map { hook in
                SanityHook(
                    id: hook.id, state: hook.state, delivery: known[hook.id]?.delivery,
                    askedAt: known[hook.id]?.askedAt)
            }
            (trouble, listedAt) = (nil, now)
        case .failure(let failure):
            // A refusal ends what was known; anything else may pass.
            if failure.code == .missingScope { (hooks, listedAt) = ([], nil) }
            trouble = Trouble(code: failure.code, cause: failure.cause)
            hold(until: failure.retryAfter, now: now)
        }
    }

    /// Takes in what the request for one hook's deliveries was answered. What settles nothing leaves the last word.
    package mutating func note(deliveries answer: SanityAnswer, of id: String, now: UnixTime) {
        guard let index = hooks.firstIndex(where: { $0.id == id }) else { return }
        hooks[index].askedAt = now
        switch answer.read(at: now, as: { SanityDelivery(json: $0) }) {
        case .success(.unknown): hooks[index].delivery = hooks[index].delivery ?? .unknown
        case .success(let delivery): hooks[index].delivery = delivery
        case .failure(let failure):
            if failure.code == .missingScope { hooks[index].delivery = .refused }
            hooks[index].delivery = hooks[index].delivery ?? .unknown
            hold(until: failure.retryAfter, now: now)
        }
    }

    /// Takes in that a hook's delivery reached somebody here. One that is not known is learnt of with the next list.
    package mutating func noteArrival(at time: UnixTime, of id: String) {
        guard let index = hooks.firstIndex(where: { $0.id == id }) else { return }
        hooks[index].delivery = .succeeded(at: time)
    }

    /// Takes in which route had an answer. One that was taken first stands no longer for it, so that once a day the
    /// usual ones have their turn.
    package mutating func note(route: Int, now: UnixTime) {
        guard route != firstRoute(at: now) else { return }
        (self.route, routeLearntAt) = route == 0 ? (nil, nil) : (route, now)
    }

    /// Several answers of one read may name an instant; the latest counts.
    private mutating func hold(until time: UnixTime?, now: UnixTime) {
        guard let time else { return }
        let bounded = min(time, now.advanced(by: Self.heldMax))
        heldUntil = isHeld(at: now) ? max(bounded, heldUntil ?? bounded) : bounded
    }
}

/// What they say of the project.
extension SanityWebhooks {
    package var isDisabledBySanity: Bool { hooks.contains { $0.state == .disabledBySanity } }

    package var isFailing: Bool { live.contains { $0.delivery == .failed } }

    /// Whether documents reach somebody: no live hook fails, and each has been asked.
    package var isHealthy: Bool {
        !live.isEmpty
            && live.allSatisfy { hook in
                switch hook.delivery {
                case .succeeded?, .idle?: true
                case .failed?, .refused?, .unknown?, nil: false
                }
            }
    }

    /// The newest delivery that arrived.
    package var newestSuccess: UnixTime? {
        live.compactMap { hook in if case .succeeded(let at)? = hook.delivery { at } else { nil } }.max()
    }

    /// What to warn of beside documents that can be read (providers.md §8, SN5).
    package func problem(at now: UnixTime) -> ReadingProblem? {
        if trouble?.code == .missingScope || live.contains(where: { $0.delivery == .refused }) {
            return ReadingProblem(
                code: .missingScope, cause: .refused,
                hint: "The token may not read the project's webhooks; grant it read on sanity.project.webhooks.")
        }
        // The deliveries have nothing to tell of any live hook: then nobody knows whether documents reach anybody.
        if trouble == nil, !live.isEmpty, live.allSatisfy({ $0.delivery == .unknown }), !isHeld(at: now) {
            return ReadingProblem(
                code: .unknown, cause: .provider,
                hint: "The webhooks' deliveries cannot be read; wait, or see the webhooks at sanity.io/manage.")
        }
        guard let trouble, !Self.stands(listedAt, for: Self.listStands, at: now) else { return nil }
        return ReadingProblem(
            code: trouble.code, cause: trouble.cause,
            hint: "The documents can be read and the state of the webhooks cannot; wait, or check the link's api.")
    }

    private var live: [SanityHook] { hooks.filter { $0.state == .live } }
}
