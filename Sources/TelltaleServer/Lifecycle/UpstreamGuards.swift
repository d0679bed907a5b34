package import HTTPClient
import Locks
package import Resilience
package import StatusCore
package import StatusEngine
package import StatusProviders
import Synchronization

/// The guards of all upstreams: what the adapters call through, what is kept of them, and what "why" asks.
package final class UpstreamGuards: Sendable {
    package typealias Observer = @Sendable (StoredBreaker) -> Void

    /// Who hears of changes. The guards are made before the engine that listens to them.
    private final class Observed: Sendable {
        private let observer = Lock<Observer?>(nil)

        func follow(_ observer: @escaping Observer) { self.observer.withLock { $0 = observer } }

        func changed(_ breaker: StoredBreaker) {
            let observer = observer.withLock { $0 }
            observer?(breaker)
        }
    }

    private let providers: [Upstream: GuardedTransport]
    private let services: GuardedTransport
    private let time: any TimeSource
    private let logger: Logger
    private let observed: Observed

    /// - Parameters:
    ///   - transport: Sends what is let through.
    ///   - policy: When a breaker opens and closes.
    ///   - time: Its monotonic clock measures calls and waits.
    ///   - logger: Hears of each change.
    package init(
        over transport: any HTTPTransport, policy: BreakerPolicy, time: any TimeSource, logger: Logger
    ) {
        let observed = Observed()
        let guarded = { (upstream: Upstream, kind: GuardedPlace.Kind) in
            let name = upstream.description
            let log = BreakerLog(logger: logger, upstream: name)
            return GuardedTransport(transport, kind: kind, policy: policy, time: time) { transition in
                log.changed(transition)
                observed.changed(
                    StoredBreaker(upstream: name, place: transition.key.description, record: transition.record))
            }
        }
        self.time = time
        self.logger = logger
        self.observed = observed
        services = guarded(.services, .service)
        providers = Dictionary(
            uniqueKeysWithValues: Upstream.allCases.filter { $0 != .services }.map { ($0, guarded($0, .provider)) })
    }

    /// Calls `observer` with each change of a breaker, as it is to be kept from then on; on whatever thread caused it, so
    /// it must not block. Changes before that are not told: ``records`` has them.
    package func onChange(_ observer: @escaping Observer) { observed.follow(observer) }

    /// What the adapter of an upstream sends its requests through.
    package func transport(for upstream: Upstream) -> GuardedTransport { providers[upstream] ?? services }

    /// What must be kept of every breaker.
    package var records: [StoredBreaker] {
        Upstream.allCases.flatMap { upstream in
            transport(for: upstream).records().map {
                StoredBreaker(upstream: upstream.description, place: $0.place, record: $0.record)
            }
        }
    }

    /// Takes in what was kept, and tells the log whom it leaves alone for that. Where the store was late with it, a place that
    /// has answered or changed meanwhile knows better.
    ///
    /// - Returns: What need not be kept any more, without a record, for the store to forget.
    package func restore(_ breakers: [StoredBreaker]) -> [StoredBreaker] {
        var useless = breakers.filter { Upstream($0.upstream) == nil || $0.record == nil }
        for (name, kept) in Dictionary(grouping: breakers, by: \.upstream) {
            guard let upstream = Upstream(name) else { continue }
            useless += transport(for: upstream).restore(
                kept.compactMap { breaker in breaker.record.map { (breaker.place, $0) } }
            ).map { StoredBreaker(upstream: name, place: $0, record: nil) }
        }
        let (now, given) = (time.now.instant, Set(breakers.map { [$0.upstream, $0.place] }))
        let open = records.filter { breaker in
            given.contains([breaker.upstream, breaker.place]) && breaker.record?.opening.map { now < $0.until } ?? false
        }
        if !open.isEmpty {
            let upstreams = Set(open.map(\.upstream)).sorted().joined(separator: ", ")
            logger.notice(
                "circuit breakers are open from before the start",
                [.number("breakers", open.count), .text("providers", upstreams)])
        }
        return useless.map { StoredBreaker(upstream: $0.upstream, place: $0.place, record: nil) }
    }

    /// How it stands with the places that a link's reads call.
    package func standing(of link: Link) -> GuardStanding {
        transport(for: Upstream(link.key)).standing(of: link)
    }
}
