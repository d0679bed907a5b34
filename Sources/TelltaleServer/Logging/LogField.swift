package import StatusModel

/// One variable part of a log line. Names are constants of the program; there is no way to make one from a `Secret`.
package struct LogField: Hashable, Sendable {
    enum Value: Hashable, Sendable {
        case text(String)
        case integer(Int)
        case boolean(Bool)
        /// Written as milliseconds with three decimals.
        case milliseconds(Duration)
    }

    let name: String
    let value: Value

    private init(_ name: StaticString, _ value: Value) {
        self.name = name.description
        self.value = value
    }

    /// Any text. Never a token and never a payload.
    package static func text(_ name: StaticString, _ text: String) -> Self { Self(name, .text(text)) }

    /// Any count or code.
    package static func number(_ name: StaticString, _ number: some BinaryInteger) -> Self {
        Self(name, .integer(Int(clamping: number)))
    }

    /// Any yes or no.
    package static func flag(_ name: StaticString, _ flag: Bool) -> Self { Self(name, .boolean(flag)) }
}

/// The fields that every tool finds under the same name (SPEC §9).
extension LogField {
    package static func projectID(_ id: ProjectID) -> Self { Self("projectId", .text(id.rawValue)) }

    package static func userID(_ name: String) -> Self { Self("userId", .text(name)) }

    /// `github`, or `service:worker`.
    package static func provider(_ key: ItemKey) -> Self { Self("provider", .text(key.description)) }

    package static func latency(_ duration: Duration) -> Self { Self("latencyMs", .milliseconds(duration)) }

    package static func cacheHit(_ isHit: Bool) -> Self { Self("cacheHit", .boolean(isHit)) }

    /// `closed`, `open` or `half_open`.
    package static func circuitBreakerState(_ state: String) -> Self { Self("circuitBreakerState", .text(state)) }

    package static func traceID(_ id: String) -> Self { Self("traceId", .text(id)) }
}
