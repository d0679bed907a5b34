import FoundationEssentials

/// What is kept of `GET /v1/projects/{ref}/health`, which is 200 even when a service is unwell.
package struct SupabaseHealth: Hashable, Sendable {
    /// A service's state. What is not known here decodes to ``unknown``.
    package enum State: String, Hashable, Sendable {
        case healthy = "ACTIVE_HEALTHY"
        case comingUp = "COMING_UP"
        case unhealthy = "UNHEALTHY"
        case unknown
    }

    /// The services that stand for the database itself; without it none of the others is of use.
    package static let databaseServices: Set<String> = ["db", "db_postgres_user"]
    /// A project has eight services; more answers than this are no health.
    package static let servicesMax = 64

    /// By service. One that stands twice counts by its worse half.
    package var states: [String: State]

    package init(states: [String: State]) { self.states = states }

    /// Reads an answer's body; nil when it is no list of services.
    package init?(json body: [UInt8]) {
        struct Wire: Decodable {
            var name: String
            var status: String?
            /// Deprecated, and all that older answers have.
            var healthy: Bool?
        }
        guard let wires = try? JSONDecoder().decode([Wire].self, from: Data(body)), wires.count <= Self.servicesMax
        else { return nil }
        let states = wires.map { wire in
            let said = wire.healthy.map { $0 ? State.healthy : .unhealthy } ?? .unknown
            return (wire.name, wire.status.map { State(rawValue: $0) ?? .unknown } ?? said)
        }
        self.init(states: Dictionary(states) { $0.rank >= $1.rank ? $0 : $1 })
    }

    /// A service's state; unknown when the answer has no word of it.
    package func state(of service: String) -> State { states[service] ?? .unknown }
}

extension SupabaseHealth.State {
    /// Worse is higher.
    fileprivate var rank: Int {
        switch self {
        case .healthy: 0
        case .comingUp: 1
        case .unknown: 2
        case .unhealthy: 3
        }
    }
}
