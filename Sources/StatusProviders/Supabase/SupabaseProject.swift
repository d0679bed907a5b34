import FoundationEssentials

/// What is kept of `GET /v1/projects/{ref}`.
package struct SupabaseProject: Hashable, Sendable {
    /// Longer names are not shown.
    package static let nameBytesMax = 256

    /// Where a project stands in its life. What is not known here decodes to ``unknown``.
    package enum Status: String, Hashable, Sendable {
        case activeHealthy = "ACTIVE_HEALTHY"
        case activeUnhealthy = "ACTIVE_UNHEALTHY"
        case comingUp = "COMING_UP"
        case goingDown = "GOING_DOWN"
        case inactive = "INACTIVE"
        case initFailed = "INIT_FAILED"
        case pausing = "PAUSING"
        case pauseFailed = "PAUSE_FAILED"
        case removed = "REMOVED"
        case resizing = "RESIZING"
        case restarting = "RESTARTING"
        case restoring = "RESTORING"
        case restoreFailed = "RESTORE_FAILED"
        case upgrading = "UPGRADING"
        case unknown = "UNKNOWN"
    }

    /// Nil when it has none that can be shown.
    package var name: String?
    package var status: Status

    package init(name: String?, status: Status) {
        self.name = name
        self.status = status
    }

    /// Reads an answer's body; nil when it is no project.
    package init?(json body: [UInt8]) {
        struct Wire: Decodable {
            var name: String?
            var status: String
        }
        guard let wire = try? JSONDecoder().decode(Wire.self, from: Data(body)) else { return nil }
        self.init(name: Self.shown(wire.name), status: Status(rawValue: wire.status) ?? .unknown)
    }

    /// A name as it may be shown; nil for none, and for one that may not.
    static func shown(_ name: String?) -> String? {
        guard let name, !name.isEmpty, name.utf8.count <= nameBytesMax, name.isPrintable else { return nil }
        return name
    }
}
