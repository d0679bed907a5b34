package import StatusCore

/// The numbers of the engine; the defaults are those of SPEC §4.
package struct EngineConfiguration: Sendable {
    package var refresh = RefreshPolicy()
    package var reader = ReaderPolicy()
    /// The deadline of one adapter.
    package var adapterDeadline: Duration = .seconds(2.5)
    /// Attempts after the first within one refresh, for failures that are worth it.
    package var retriesMax = 2
    /// The first wait between two of them, which doubles up to the second; drawn with full jitter.
    package var retryDelay: Duration = .milliseconds(100)
    package var retryDelayMax: Duration = .seconds(2)
    /// Retries per hundred first attempts of one provider, beside a small reserve.
    package var retryBudgetPercent = 20
    /// Projects that readers asked for and the engine has not looked at; beyond it a reader asks again.
    package var nudgesMax = 4096
    /// Items whose readings are kept in memory.
    package var itemsMax = 1 << 20
    /// Reads under way at once for each provider; the others wait for their turn. A read sends up to four requests side
    /// by side, so these fill the connections that one host gets (`HTTPClientConfiguration`) and none spends its deadline
    /// waiting for one.
    package var readsInFlightMax = 16
    /// How soon a store that refused is tried again (BEHAVIOURS 40: it recovers within 30 s).
    package var storeRetryInterval: Duration = .seconds(5)
    /// Actions a minute of one user in one project (SPEC §7).
    package var actionsPerMinute = 5
    /// Operations that are not over, at once.
    package var operationsOpenMax = 1024
    /// How long an event waits for the store before it is told without it.
    package var storePatience: Duration = .seconds(1)

    package init() {}
}

/// How much an engine has to do.
package struct EngineLoad: Hashable, Sendable {
    /// Reads under way.
    package var readsRunning: Int
    /// Reads that wait for their turn.
    package var readsWaiting: Int
    /// When the schedule has the next item due; nil while nothing is planned.
    package var nextDueAt: ContinuousClock.Instant?
    /// Whether events have waited for the store, so that something sleeps until they are not to wait any longer.
    package var isMindingStore: Bool
}
