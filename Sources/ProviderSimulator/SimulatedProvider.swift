package import StatusModel

/// One provider, played: a value that answers requests.
///
/// An answer is a function of the request, the value and the time, so a provider is tested without a socket, and the
/// server beneath stays the same for all of them. A new provider is a type of this kind, a property of
/// ``SimulatorState``, and a case in its two switches.
package protocol SimulatedProvider: Sendable {
    associatedtype Summary: Encodable

    /// Whom it plays; requests are counted and faults are aimed under this name.
    static var key: SimulatedPart { get }

    /// Whether a request is meant for this provider, by its path; ``SimulatorState`` asks only GitHub, which is played at
    /// the root.
    static func claims(_ request: SimulatedRequest) -> Bool

    /// How this provider words a failure of its own, such as 502; for the fault that overrides a status.
    static func failure(status: Int) -> SimulatedAnswer

    /// Answers one request as the provider does, and changes what such a request changes there.
    mutating func answer(_ request: SimulatedRequest, now: UnixTime) -> SimulatedAnswer

    /// Answers one request below `/_sim/<provider>/`; `path` is what follows.
    mutating func control(_ request: SimulatedRequest, path: [String], now: UnixTime) throws(ControlError)
        -> SimulatedAnswer

    /// What `GET /_sim/state` tells of it; no credential among it.
    func summary(now: UnixTime) -> Summary
}
