/// One header of an HTTP request.
public struct WebhookHeader: Hashable, Sendable {
    /// In any case.
    public var name: String
    /// As it came.
    public var value: String

    /// Makes one from its parts.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A webhook as a web service got it: what is handed on to the daemon, which checks whether it is genuine.
public struct WebhookDelivery: Hashable, Sendable {
    /// The most headers.
    public static let headersMax = 100
    /// The longest name and the longest value of a header, in bytes.
    public static let headerBytesMax = 16 << 10
    /// The longest body, in bytes.
    public static let bodyBytesMax = 1 << 20

    /// Who sent it.
    public var provider: ProviderKey
    /// All headers as they came, at most ``headersMax``.
    public var headers: [WebhookHeader]
    /// The body as it came, byte for byte, for the signature covers it; at most ``bodyBytesMax``.
    public var body: [UInt8]
    /// The project that the address named; nil to have it found from what is delivered.
    public var projectID: ProjectID?

    /// Makes one from its parts.
    public init(provider: ProviderKey, headers: [WebhookHeader], body: [UInt8], projectID: ProjectID? = nil) {
        self.provider = provider
        self.headers = headers
        self.body = body
        self.projectID = projectID
    }
}

/// What the daemon made of a webhook. When it is there, the webhook is kept and survives whatever happens to the host.
public struct WebhookReceipt: Hashable, Sendable {
    /// The events that it became, in order; none when it says nothing new, or concerns no project of this host.
    public var events: [EventID]
    /// Whether the same delivery had come before; then nothing was done again.
    public var isDuplicate: Bool

    /// Makes one from its parts.
    public init(events: [EventID] = [], isDuplicate: Bool = false) {
        self.events = events
        self.isDuplicate = isDuplicate
    }
}
