package import StatusModel

/// The process at the other end of a connection, as the kernel vouches for it (SO_PEERCRED, unix(7)).
package struct PeerIdentity: Hashable, Sendable {
    package var userID: UInt32
    package var groupID: UInt32
    package var processID: Int32
    /// The peer's further groups where they are known (SO_PEERGROUPS).
    package var supplementaryGroupIDs: [UInt32]

    package init(userID: UInt32, groupID: UInt32, processID: Int32, supplementaryGroupIDs: [UInt32] = []) {
        self.userID = userID
        self.groupID = groupID
        self.processID = processID
        self.supplementaryGroupIDs = supplementaryGroupIDs
    }
}

/// The highest role that each peer may assert (SPEC §8).
package struct AccessPolicy: Hashable, Sendable {
    private static let rootUserID: UInt32 = 0

    /// Ceilings by user id. The daemon's own user and root are owners unless the configuration says otherwise.
    package var users: [UInt32: Role]
    /// Ceilings by group id.
    package var groups: [UInt32: Role]

    package init(ownUserID: UInt32, users: [UInt32: Role] = [:], groups: [UInt32: Role] = [:]) {
        self.users = users
        // The daemon may be root itself.
        for owner in Set([ownUserID, Self.rootUserID]) where users[owner] == nil { self.users[owner] = .owner }
        self.groups = groups
    }

    /// The highest of the roles that a peer's user and groups give it; nil refuses the peer.
    package func ceiling(for peer: PeerIdentity) -> Role? {
        var highest = users[peer.userID]
        func consider(_ group: UInt32) {
            guard let role = groups[group] else { return }
            highest = highest.map { max($0, role) } ?? role
        }
        consider(peer.groupID)
        for group in peer.supplementaryGroupIDs { consider(group) }
        return highest
    }

    /// Who calls: the peer, on behalf of whomever it asserts, never above its ceiling.
    ///
    /// - Parameters:
    ///   - peer: what the kernel says of the other end.
    ///   - assertedRole: the metadata `telltale-role`; without it the peer acts with its whole ceiling.
    ///   - assertedUser: the metadata `telltale-user`.
    /// - Returns: the principal, whose role is the lower of the asserted one and the ceiling.
    /// - Throws: ``AccessRefusal``.
    package func principal(
        peer: PeerIdentity, assertedRole: String? = nil, assertedUser: String? = nil
    ) throws(AccessRefusal) -> Principal {
        // Refused peers learn nothing about the form of what they asserted.
        guard let ceiling = ceiling(for: peer) else { throw .peerNotAllowed(userID: peer.userID) }
        return try Principal(peer: peer, ceiling: ceiling, assertedRole: assertedRole, assertedUser: assertedUser)
    }
}

/// On whose behalf a call is made: the peer's uid, the user it asserts, and the role (SPEC §1).
package struct Principal: Hashable, Sendable {
    /// The longest user accepted, in bytes.
    package static let userBytesMax = 128

    package var peer: PeerIdentity
    /// The person whom a trusted backend names; nil when the peer speaks for itself.
    package var user: String?
    package var role: Role

    package init(peer: PeerIdentity, user: String? = nil, role: Role) {
        self.peer = peer
        self.user = user
        self.role = role
    }

    /// Who a peer is under its ceiling.
    ///
    /// - Throws: ``AccessRefusal`` when it asserts what cannot be.
    package init(
        peer: PeerIdentity, ceiling: Role, assertedRole: String?, assertedUser: String?
    ) throws(AccessRefusal) {
        var role = ceiling
        if let assertedRole {
            // An empty or misspelt role must never mean the whole ceiling.
            guard let asserted = Role(rawValue: assertedRole) else { throw .unknownRole }
            role = min(asserted, ceiling)
        }
        if let assertedUser, !Self.isWellFormedUser(assertedUser) { throw .malformedUser }
        self.init(peer: peer, user: assertedUser, role: role)
    }

    /// The asserted user, or `uid:N`: the name for logs.
    package var name: String { user ?? "uid:\(peer.userID)" }

    /// Whose limits and whose keys count: two peers that name the same user are two.
    package var identity: String { user.map { "uid:\(peer.userID)/\($0)" } ?? "uid:\(peer.userID)" }

    /// 1 to 128 bytes, all printable; and none that reads as a peer which speaks for itself.
    static func isWellFormedUser(_ user: String) -> Bool {
        (1...userBytesMax).contains(user.utf8.count) && user.unicodeScalars.allSatisfy(PrintableText.isPrintable)
            && !user.hasPrefix("uid:")
    }
}

/// Why a call has no principal.
package enum AccessRefusal: Error, Hashable, Sendable {
    /// No rule admits the peer: `PERMISSION_DENIED`.
    case peerNotAllowed(userID: UInt32)
    /// `telltale-role` is none of the roles: `INVALID_ARGUMENT`.
    case unknownRole
    /// `telltale-user` is empty, too long or not printable: `INVALID_ARGUMENT`.
    case malformedUser

    /// The metadata at fault, for a `BadRequest` detail.
    package var field: String? {
        switch self {
        case .peerNotAllowed: nil
        case .unknownRole: "telltale-role"
        case .malformedUser: "telltale-user"
        }
    }

    /// One sentence for the caller. Never repeats what it sent.
    package var message: String {
        switch self {
        case .peerNotAllowed(let userID):
            "user \(userID) is not allowed here; add it or its group to \"access\" in the daemon's configuration"
        case .unknownRole: "telltale-role must be one of \(Role.allCases.map(\.rawValue).joined(separator: ", "))"
        case .malformedUser:
            "telltale-user must be 1 to \(Principal.userBytesMax) printable bytes, and not begin with \"uid:\""
        }
    }
}
