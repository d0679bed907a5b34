import HTTPClient
import Resilience
import StaleCache
import StatusCore
import StatusEngine
import StatusModel
import StatusProviders
import TTRPCCore
import TTRPCTransport

// The configuration, as each part of the daemon wants it.
extension Configuration {
    var serverLimits: ServerLimits {
        var server = ServerLimits()
        server.connectionsMax = limits.connectionsMax
        server.connectionsPerUserMax = limits.connectionsPerUserMax
        server.connectionsReservedForRoot = limits.connectionsReservedForRoot
        server.connection.callsMax = limits.callsPerConnectionMax
        server.connection.streamsMax = limits.watchesPerConnectionMax
        server.frameBytesMax = limits.frameBytesMax
        server.frameTimeout = limits.frameTimeout
        server.writeTimeout = limits.writeTimeout
        server.idleTimeout = limits.idleTimeout
        server.queuedBytesMax = limits.queuedBytesMax
        return server
    }

    var engine: EngineConfiguration {
        var engine = EngineConfiguration()
        engine.refresh.providerTimeToLive = refresh.ttl
        engine.refresh.jitter = refresh.jitter
        engine.refresh.idleInterval = refresh.healthPing
        engine.refresh.forgottenAfter = refresh.forgetAfter
        engine.reader.firstWait = refresh.firstWait
        // A little past the adapters' deadline, so that a reader who waits hears how the read ended.
        engine.reader.freshWait = refresh.deadline + .milliseconds(250)
        engine.reader.forceInterval = refresh.forceInterval
        engine.adapterDeadline = refresh.deadline
        engine.retriesMax = retry.retriesMax
        engine.retryDelay = retry.initialDelay
        engine.retryDelayMax = retry.delayMax
        engine.retryBudgetPercent = Int((retry.budget * 100).rounded())
        engine.storeRetryInterval = store.retryInterval
        engine.actionsPerMinute = actions.perMinute
        return engine
    }

    var breakerPolicy: BreakerPolicy {
        BreakerPolicy(
            failuresMax: breaker.failuresMax, slowAfter: breaker.slowCall, slowCallsMax: breaker.slowCallsMax,
            slowWindow: breaker.slowWindow, openFor: breaker.coolDown, openForMax: breaker.coolDownMax,
            successesToClose: breaker.successesToClose)
    }

    var client: HTTPClientConfiguration {
        HTTPClientConfiguration(
            userAgent: "telltale/\(TelltaleVersion.current)", connectTimeoutMax: http.connectTimeout,
            totalTimeoutMax: http.totalTimeout, additionalTrustFile: http.caFile)
    }

    /// Nil when they are switched off.
    func statusPages(over transport: any HTTPTransport) -> StatusPages? {
        guard statusPages.isEnabled else { return nil }
        let sources = ProviderKey.allCases.map { ($0, StatusPageSource($0, url: statusPages.url(of: $0))) }
        return StatusPages(
            sources: Dictionary(uniqueKeysWithValues: sources), transport: transport,
            clock: StaleCacheSystemClock())
    }
}
