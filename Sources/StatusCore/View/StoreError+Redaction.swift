package import StatusModel

extension StoreError {
    /// The message as a role may read it: where this host keeps things is for those who run it, owner and admin.
    package func message(for role: Role) -> String { role >= .admin ? message : plainMessage }

    /// The same without the place.
    package var plainMessage: String {
        switch code {
        case .full: "No space is left for the store; its operator can make room"
        case .corrupt: "The store was damaged; its operator finds more in the daemon's log"
        case .newerSchema: "The store was written by a newer daemon; its operator can start that one again"
        case .inUse: "Another daemon uses the store; its operator can stop it"
        case .unavailable: "The store does not keep anything; its operator finds more in the daemon's log"
        }
    }
}
