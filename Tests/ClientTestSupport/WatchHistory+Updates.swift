import StatusModel
package import TelltaleClient
package import TestSupport

extension WatchHistory.Stream {
    /// Notes an update as the message that it stands for; none stands for how the connection is.
    package mutating func take(_ update: StatusUpdate) {
        switch update {
        case .snapshot(let envelope, let asOf?): messages.append(.snapshot(envelope, asOf: asOf))
        case .event(let event): messages.append(.event(event))
        case .heartbeat(let id, let at): messages.append(.heartbeat(id, at: at))
        case .reset(let reset): messages.append(.reset(reset))
        case .snapshot(_, nil), .connection: break
        }
    }
}
