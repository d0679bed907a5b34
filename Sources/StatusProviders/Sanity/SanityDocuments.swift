import FoundationEssentials
package import StatusModel

/// What is kept of a query's answer: when documents changed. Nothing of what they hold is ever decoded.
package struct SanityDocuments: Hashable, Sendable {
    package struct Change: Hashable, Sendable {
        /// The document, whether as a draft, in a release or published: one edit may touch all three.
        package var documentID: String
        /// Nil when the answer does not say.
        package var at: UnixTime?
    }

    package var changes: [Change]
    /// How many documents changed, when the answer counts them and does not name them.
    package var count: Int?
    /// Whether documents were left out because the token may not read them.
    package var isMissingPermission: Bool

    package init(changes: [Change] = [], count: Int? = nil, isMissingPermission: Bool = false) {
        self.changes = changes
        self.count = count
        self.isMissingPermission = isMissingPermission
    }

    /// Reads an answer's body; nil when it is none to a query.
    ///
    /// `result` is what the query asks for: documents, one document, a number (`count(…)`), or null for none. The
    /// answer about single documents (`/doc`) has `documents` in its place, and tells in `omitted` what it left out.
    package init?(json body: [UInt8]) {
        guard let wire = try? JSONDecoder().decode(Wire.self, from: Data(body)) else { return nil }
        changes = wire.documents.map {
            Change(documentID: Self.publishedID($0.id ?? ""), at: $0.updatedAt.flatMap(ISO8601Instant.parse))
        }
        count = wire.count
        isMissingPermission = wire.omitted.contains { $0.reason == "permission" }
    }

    package var isEmpty: Bool { changes.isEmpty && (count ?? 0) == 0 }

    package var newest: UnixTime? { changes.compactMap(\.at).max() }

    /// How many documents changed on the day of `now`, by UTC.
    package func changed(onDayOf now: UnixTime) -> Int {
        let date = { (time: UnixTime) in CivilTime.date(of: time) }
        let today = date(now)
        return Set(changes.filter { $0.at.map(date) == today }.map(\.documentID)).count
    }

    /// The id that a document has once it is published: drafts are `drafts.ID`, releases `versions.RELEASE.ID`.
    private static func publishedID(_ id: String) -> String {
        if id.hasPrefix("drafts.") { return String(id.dropFirst("drafts.".count)) }
        guard id.hasPrefix("versions.") else { return id }
        return String(id.split(separator: ".", maxSplits: 2).last ?? "")
    }
}

extension SanityDocuments {
    private struct Wire: Decodable {
        enum CodingKeys: String, CodingKey {
            case result, documents, omitted
        }

        var documents: [Document] = []
        var count: Int?
        var omitted: [Omission] = []

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            omitted = (try? container.decode([Omission].self, forKey: .omitted)) ?? []
            let key: CodingKeys = container.contains(.result) ? .result : .documents
            guard container.contains(key) else {
                throw DecodingError.keyNotFound(key, .init(codingPath: [], debugDescription: "neither is there"))
            }
            if let number = try? container.decode(Int.self, forKey: key) {
                count = max(0, number)
            } else if let one = try? container.decode(Document.self, forKey: key) {
                documents = [one]
            } else {
                documents = try container.decodeIfPresent([Document].self, forKey: key) ?? []
            }
        }
    }

    private struct Document: Decodable {
        enum CodingKeys: String, CodingKey {
            case id = "_id"
            case updatedAt = "_updatedAt"
        }

        var id: String?
        var updatedAt: String?
    }

    private struct Omission: Decodable {
        var reason: String?
    }
}
