/// How an integration stands (SPEC §2).
public enum ConnectionState: String, CaseIterable, Hashable, Sendable {
    case connected, warning, error, disconnected
}

/// Why an item is not configured.
public enum ConfiguredReason: String, CaseIterable, Hashable, Sendable {
    case notLinked = "not_linked"
    case revoked
    case disabled
    case hiddenByPolicy = "hidden_by_policy"
}

/// How old the content of an item is: ageing past 90 s, old past 5 min. `never` before the first answer.
public enum Freshness: String, CaseIterable, Hashable, Sendable {
    case never, fresh, ageing, old
}

/// One environment of a provider, such as Vercel's production and preview.
public struct EnvironmentStatus: Hashable, Sendable {
    /// `production`, `preview`, or the provider's own name for it.
    public var name: String
    /// How this environment stands by itself.
    public var status: ConnectionState
    /// One line for people.
    public var summary: String
    /// Where it is served; empty when unknown or withheld from the role.
    public var url: String
    /// When it was last deployed.
    public var lastDeployAt: UnixTime?

    /// Makes one from its parts.
    public init(name: String, status: ConnectionState, summary: String, url: String = "", lastDeployAt: UnixTime? = nil)
    {
        self.name = name
        self.status = status
        self.summary = summary
        self.url = url
        self.lastDeployAt = lastDeployAt
    }
}

/// Latency over the last successful health samples.
public struct LatencySummary: Hashable, Sendable {
    /// Arithmetic mean.
    public var mean: Duration
    /// 95th percentile.
    public var p95: Duration

    /// Makes one from its parts.
    public init(mean: Duration, p95: Duration) {
        self.mean = mean
        self.p95 = p95
    }
}

/// A repair that the role may perform, and whether the state lets it.
public struct ActionOffer: Hashable, Sendable {
    /// The name to pass to `RunAction`, such as `reconnect`.
    public var action: String
    /// What a button would say.
    public var label: String
    /// Whether the present state permits it.
    public var can: Bool
    /// Why not, for people; empty when `can`.
    public var reason: String

    /// Makes one from its parts.
    public init(action: String, label: String, can: Bool = true, reason: String = "") {
        self.action = action
        self.label = label
        self.can = can
        self.reason = reason
    }
}

/// The normalised status of one provider or service, as one role may see it (SPEC §2).
public struct IntegrationStatus: Hashable, Sendable {
    /// Which provider or service.
    public var key: ItemKey
    /// What is linked, in words the role may see: `octo-org/octo-repo`, or `Private repository`.
    public var label: String
    /// Whether a link exists and is in force.
    public var configured: Bool
    /// Why not, when not configured.
    public var configuredReason: ConfiguredReason?
    /// False when policy hides the item from this role; it then keeps its place and says nothing.
    public var visible: Bool
    /// The normalised status.
    public var status: ConnectionState
    /// One line for people: `Linked to main · Last push 2m ago`.
    public var summary: String
    /// When the content last changed or was confirmed by the provider; nil before the first answer.
    public var updatedAt: UnixTime?
    /// From the cache after a failed or overdue refresh, or over 90 s old.
    public var stale: Bool
    /// How old the content is.
    public var freshness: Freshness
    /// What is wrong, when something is.
    public var problem: Problem?
    /// The repairs this role may perform.
    public var actions: [ActionOffer]
    /// Environments, for providers that have them.
    public var environments: [EnvironmentStatus]
    /// How many health samples the latency rests on.
    public var samples: Int
    /// Latency over those samples, for items that measure it.
    public var latency: LatencySummary?
    /// When a diagnostics or smoke-test run last touched the item.
    public var lastRunAt: UnixTime?

    /// An item of which nothing is known yet.
    public init(key: ItemKey) {
        self.key = key
        label = ""
        configured = false
        configuredReason = .notLinked
        visible = true
        status = .disconnected
        summary = ""
        updatedAt = nil
        stale = false
        freshness = .never
        problem = nil
        actions = []
        environments = []
        samples = 0
        latency = nil
        lastRunAt = nil
    }
}
