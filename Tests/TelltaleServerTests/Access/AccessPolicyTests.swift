import StatusModel
import TelltaleServer
import Testing

@Suite("The access policy")
struct AccessPolicyTests {
    private let policy = AccessPolicy(
        ownUserID: 900, users: [33: .admin, 1001: .viewer], groups: [4: .editor, 5: .owner])

    private func peer(_ user: UInt32, groups: UInt32...) -> PeerIdentity {
        PeerIdentity(
            userID: user, groupID: groups.first ?? 65_534, processID: 1,
            supplementaryGroupIDs: Array(groups.dropFirst()))
    }

    @Test(
        "without rules root and the daemon's own user are owners, and nobody else may enter",
        arguments: [0, 900] as [UInt32])
    func defaults(own: UInt32) {
        let policy = AccessPolicy(ownUserID: own)
        #expect(policy.ceiling(for: peer(0)) == .owner)
        #expect(policy.ceiling(for: peer(own)) == .owner)
        #expect(policy.ceiling(for: peer(1, groups: 0, 900)) == nil)
        #expect(policy.ceiling(for: peer(.max)) == nil)
    }

    @Test("a rule for root or the daemon's own user takes the place of the default")
    func overriddenDefaults() {
        let policy = AccessPolicy(ownUserID: 900, users: [0: .viewer, 900: .editor])
        #expect(policy.ceiling(for: peer(0)) == .viewer)
        #expect(policy.ceiling(for: peer(900)) == .editor)
    }

    @Test("a peer has the highest role that its user and any of its groups give it")
    func ceilings() {
        #expect(policy.ceiling(for: peer(33)) == .admin)
        #expect(policy.ceiling(for: peer(33, groups: 4)) == .admin)
        #expect(policy.ceiling(for: peer(1001, groups: 4)) == .editor)
        #expect(policy.ceiling(for: peer(1001, groups: 9, 4, 5)) == .owner)
        #expect(policy.ceiling(for: peer(7, groups: 9, 4)) == .editor)
        #expect(policy.ceiling(for: peer(7, groups: 9)) == nil)
    }

    @Test("the ceiling agrees with the plain definition for every mix of user and groups")
    func model() {
        for user in [0, 7, 33, 900, 1001] as [UInt32] {
            for groups in [[], [4], [5], [9], [9, 4], [4, 5], [9, 4, 5]] as [[UInt32]] {
                let peer = PeerIdentity(
                    userID: user, groupID: groups.first ?? 1, processID: 1,
                    supplementaryGroupIDs: Array(groups.dropFirst()))
                let roles = [policy.users[user]] + groups.map { policy.groups[$0] }
                #expect(policy.ceiling(for: peer) == roles.compactMap(\.self).max(), "\(user) \(groups)")
            }
        }
    }

    @Test("an asserted role never lifts a peer above its ceiling, for every pair of roles")
    func assertedRoles() throws {
        for ceiling in Role.allCases {
            let policy = AccessPolicy(ownUserID: 900, users: [1: ceiling])
            for asserted in Role.allCases {
                let principal = try policy.principal(peer: peer(1), assertedRole: asserted.rawValue)
                #expect(principal.role == min(asserted, ceiling))
            }
            #expect(try policy.principal(peer: peer(1)).role == ceiling)
        }
    }

    @Test(
        "a role that is none is refused, and never means the whole ceiling",
        arguments: ["", "Owner", "root", "owner ", "owner,viewer"])
    func unknownRoles(role: String) {
        #expect(throws: AccessRefusal.unknownRole) { try policy.principal(peer: peer(33), assertedRole: role) }
    }

    @Test("the asserted user is kept as it is", arguments: ["alice", "alice@example.com", "Zoë Ångström", "x"])
    func users(user: String) throws {
        let principal = try policy.principal(peer: peer(33), assertedUser: user)
        #expect(principal.user == user)
        #expect(principal.name == user)
    }

    @Test("a peer that speaks for itself is named by its uid")
    func ownName() throws {
        #expect(try policy.principal(peer: peer(33)).name == "uid:33")
    }

    @Test(
        "a user that could forge a log line or fill a table is refused",
        arguments: [
            "", "a\nb", "a\u{1b}[2J", "a\0", "a\u{7f}", "a\u{85}b", "a\u{202E}b", "a\u{2028}b", "a\u{200B}",
            String(repeating: "x", count: 129), String(repeating: "é", count: 65),
        ])
    func malformedUsers(user: String) {
        #expect(throws: AccessRefusal.malformedUser) { try policy.principal(peer: peer(33), assertedUser: user) }
    }

    @Test("the longest user is accepted")
    func longestUser() throws {
        _ = try policy.principal(peer: peer(33), assertedUser: String(repeating: "é", count: 64))
    }

    @Test("a peer without a rule is refused before anything it says is looked at")
    func refusedFirst() {
        #expect(throws: AccessRefusal.peerNotAllowed(userID: 7)) {
            try policy.principal(peer: peer(7), assertedRole: "nonsense", assertedUser: "\n")
        }
    }

    @Test("a refusal names the metadata at fault and never repeats it")
    func refusals() {
        #expect(AccessRefusal.unknownRole.field == "telltale-role")
        #expect(AccessRefusal.malformedUser.field == "telltale-user")
        #expect(AccessRefusal.peerNotAllowed(userID: 7).field == nil)
        #expect(AccessRefusal.peerNotAllowed(userID: 7).message.hasPrefix("user 7 is not allowed here"))
        #expect(AccessRefusal.unknownRole.message == "telltale-role must be one of owner, admin, editor, viewer")
    }
}
