import FoundationEssentials
package import StatusModel

/// What is kept of `GET /v13/deployments/{id}`, and of the answer to the request that made it.
package struct VercelDeploymentAnswer: Hashable, Sendable {
    /// The longest id, in bytes; Vercel's have 32.
    package static let idBytesMax = 128

    package let id: String
    package let state: VercelDeployment.State
    package let substate: VercelDeployment.Substate?
    /// Where it is served, with its scheme; empty while it is nowhere.
    package let url: String
    package let createdAt: UnixTime?
    /// When it was built; nil while it is not.
    package let readyAt: UnixTime?
    /// Whether it has got its project's addresses.
    package let hasAliases: Bool
    /// Why it failed: `BUILD_FAILED`; empty when it does not say.
    package let errorCode: String
    /// The same in words, not yet looked at.
    package let errorMessage: String

    /// Nil when the body is no deployment with an id of its own.
    package init?(json body: [UInt8]) {
        guard let wire = try? JSONDecoder().decode(Wire.self, from: Data(body)), Self.isID(wire.id) else { return nil }
        id = wire.id
        state = wire.state
        substate = wire.substate
        url = wire.url
        createdAt = wire.createdAt
        readyAt = wire.readyAt
        hasAliases = wire.hasAliases
        errorCode = wire.errorCode
        errorMessage = wire.errorMessage
    }

    /// Whether it can stand in a request's path, and among people: letters, digits, `_` and `-`.
    package static func isID(_ text: String) -> Bool {
        (1...idBytesMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    private struct Wire: Decodable {
        enum CodingKeys: String, CodingKey {
            case id, uid, readyState, status, readySubstate, url, createdAt, created, ready, readyAt, aliasAssigned
            case errorCode, errorMessage
        }

        var id: String
        var state: VercelDeployment.State
        var substate: VercelDeployment.Substate?
        var url: String
        var createdAt: UnixTime?
        var readyAt: UnixTime?
        var hasAliases: Bool
        var errorCode: String
        var errorMessage: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            id = container.text(.id) ?? container.text(.uid) ?? ""
            let state = container.text(.readyState) ?? container.text(.status) ?? ""
            self.state = VercelDeployment.State(rawValue: state) ?? .unknown
            substate = container.text(.readySubstate).map { VercelDeployment.Substate(rawValue: $0) ?? .unknown }
            url = VercelDeployment.url(host: container.text(.url))
            createdAt = container.instant(.createdAt) ?? container.instant(.created)
            readyAt = container.instant(.ready) ?? container.instant(.readyAt)
            // An instant, or true in older answers.
            hasAliases = container.wholeNumber(.aliasAssigned) != nil || container.flag(.aliasAssigned) == true
            errorCode = container.text(.errorCode) ?? ""
            errorMessage = container.text(.errorMessage) ?? ""
        }
    }
}
