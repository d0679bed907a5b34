package import StatusModel

extension ConnectionState {
    /// Error before warning before connected before disconnected: the order of `overall` (SPEC §2).
    package var severity: Int {
        switch self {
        case .disconnected: 0
        case .connected: 1
        case .warning: 2
        case .error: 3
        }
    }

    /// The worse of the two.
    package func worse(_ other: Self) -> Self { severity >= other.severity ? self : other }

    /// The worst item that is configured and visible; disconnected when there is none (SPEC §2).
    ///
    /// An item that is still being checked is disconnected, so it colours a board only while nothing else is known.
    package static func overall(of statuses: some Sequence<IntegrationStatus>) -> Self {
        statuses.lazy.filter { $0.configured && $0.visible }.map(\.status).reduce(.disconnected) { $0.worse($1) }
    }
}
