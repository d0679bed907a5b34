package import StatusModel

/// What is kept of a deployment, from a list or from a project. Nothing else of it is decoded, so no creator's address
/// and no commit's message is ever held.
package struct VercelDeployment: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        case queued = "QUEUED"
        case initializing = "INITIALIZING"
        case building = "BUILDING"
        case ready = "READY"
        case error = "ERROR"
        case canceled = "CANCELED"
        case blocked = "BLOCKED"
        case deleted = "DELETED"
        /// Missing, or one that came after this was written.
        case unknown = ""
    }

    /// How far a deployment that is ready has come.
    package enum Substate: String, Hashable, Sendable {
        /// Built, and never served.
        case staged = "STAGED"
        /// Serves a part of the visitors.
        case rolling = "ROLLING"
        case promoted = "PROMOTED"
        case unknown = ""
    }

    package enum Environment: Hashable, Sendable {
        case production
        case preview
        /// By its slug.
        case custom(String)
    }

    /// The longest slug shown, in bytes; a longer one is cut.
    package static let slugBytesMax = 64

    package var id: String
    package var environment: Environment
    package var state: State
    /// Nil when Vercel does not say, as on projects without staged promotion.
    package var substate: Substate?
    package var createdAt: UnixTime
    /// Where it is served, with its scheme; empty while it is nowhere.
    package var url: String

    package init(
        id: String, environment: Environment, state: State, substate: Substate? = nil, createdAt: UnixTime,
        url: String = ""
    ) {
        self.id = id
        self.environment = environment
        self.state = state
        self.substate = substate
        self.createdAt = createdAt
        self.url = url
    }
}

extension VercelDeployment: Decodable {
    private enum CodingKeys: String, CodingKey {
        /// Lists say `uid`, projects `id`.
        case uid, id
        /// The newer key goes first.
        case readyState, state
        case readySubstate, target, customEnvironment, slug, created, createdAt, url, deleted
    }

    /// - Throws: when it lacks its id or the time of its creation, without which it has no place in the order.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let id = container.text(.uid) ?? container.text(.id),
            let createdAt = container.instant(.createdAt) ?? container.instant(.created)
        else { throw DecodingError.valueNotFound(Self.self, .init(codingPath: [], debugDescription: "")) }
        let custom = try? container.nestedContainer(keyedBy: CodingKeys.self, forKey: .customEnvironment)
        // An instant or true once retention took it; what is left is its entry in the list.
        let isDeleted = container.wholeNumber(.deleted) != nil || container.flag(.deleted) == true
        let state = container.text(.readyState) ?? container.text(.state) ?? ""
        self.init(
            id: id, environment: Environment(target: container.text(.target), slug: custom?.text(.slug)),
            state: isDeleted ? .deleted : State(rawValue: state) ?? .unknown,
            substate: container.text(.readySubstate).map { Substate(rawValue: $0) ?? .unknown },
            createdAt: createdAt, url: Self.url(host: container.text(.url)))
    }

    /// Vercel writes hosts, without a scheme; what is none is not shown.
    static func url(host: String?) -> String {
        guard var host else { return "" }
        if host.hasPrefix("https://") { host.removeFirst("https://".utf8.count) }
        let isHost =
            (1...253).contains(host.utf8.count)
            && host.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
        return isHost ? "https://\(host)" : ""
    }
}

extension VercelDeployment.Environment {
    /// A target of null is a preview: Vercel has no word for it. An environment of the team's own comes beside the
    /// target, or in its place.
    init(target: String?, slug: String?) {
        switch (target, slug.flatMap(Self.shown) ?? target.flatMap(Self.shown)) {
        case ("production", _): self = .production
        case (_, nil), (_, "preview"): self = .preview
        case (_, let name?): self = .custom(name)
        }
    }

    /// The name people know it by.
    package var name: String {
        switch self {
        case .production: "production"
        case .preview: "preview"
        case .custom(let slug): slug
        }
    }

    private static func shown(_ slug: String) -> String? {
        guard slug.isPrintable, !slug.isEmpty else { return nil }
        guard slug.utf8.count > VercelDeployment.slugBytesMax else { return slug }
        return String(decoding: slug.utf8.prefix(VercelDeployment.slugBytesMax), as: UTF8.self)
    }
}
