import StatusModel

/// A project as Sanity knows it.
struct SanityProject: Hashable, Sendable {
    static let datasetsMax = 16
    static let hooksMax = 32

    var name: String
    var isBlocked = false
    var isDisabled = false
    /// Nil for the project's id.
    var studioHost: String?
    var externalStudioHost: String?
    var createdAt: UnixTime
    var datasets: [String: SanityDataset] = [:]
    var hooks: [String: SanityHook] = [:]
}

struct SanityDataset: Hashable, Sendable {
    /// How many documents are kept, those changed last.
    static let documentsMax = 500

    struct Document: Hashable, Sendable {
        var type: String
        var updatedAt: UnixTime
        /// Counts the changes, for the revision.
        var revision: Int
    }

    var isPrivate = false
    var documents: [String: Document] = [:]

    /// Changes a document, or makes it.
    mutating func change(_ id: String, type: String, at time: UnixTime) {
        let revision = (documents[id]?.revision ?? 0) + 1
        documents[id] = Document(type: type, updatedAt: time, revision: revision)
        guard documents.count > Self.documentsMax else { return }
        documents.min { ($0.value.updatedAt, $0.key) < ($1.value.updatedAt, $1.key) }.map { documents[$0.key] = nil }
    }
}

/// A webhook, and what it delivered.
struct SanityHook: Hashable, Sendable {
    /// How many messages are kept, the newest.
    static let messagesMax = 20

    struct Message: Hashable, Sendable {
        enum Status: String, Hashable, Sendable, Decodable, CaseIterable {
            case success, failure, queued, sending
        }

        var id: String
        var dataset: String
        var status: Status
        /// What the receiver answered; nil when nothing came.
        var resultCode: Int?
        var createdAt: UnixTime
    }

    /// `*` for all.
    var dataset = "*"
    var isDisabled = false
    var isDisabledByUser = false
    var isDeleted = false
    /// Whether its receiver answers 500 to each delivery from now on.
    var isFailing = false
    var createdAt: UnixTime
    /// Newest first.
    private(set) var messages: [Message] = []
    private var messageCount = 0

    init(createdAt: UnixTime) { self.createdAt = createdAt }

    func covers(_ dataset: String) -> Bool {
        !isDisabled && !isDisabledByUser && !isDeleted && (self.dataset == "*" || self.dataset == dataset)
    }

    mutating func deliver(dataset: String, status: Message.Status? = nil, resultCode: Int? = nil, at time: UnixTime) {
        messageCount += 1
        let status = status ?? (isFailing ? .failure : .success)
        let answered: Int? =
            switch status {
            case .success: 200
            case .failure: 500
            case .queued, .sending: nil
            }
        let message = Message(
            id: Fingerprint("message", String(messageCount), String(createdAt.nanoseconds)).hex(digits: 20),
            dataset: dataset, status: status, resultCode: resultCode ?? answered, createdAt: time)
        messages = Array(([message] + messages).prefix(Self.messagesMax))
    }
}

/// A robot's token: it opens one project.
struct SanityToken: Hashable, Sendable {
    var project: String
    var expiresAt: UnixTime?
    /// Whether it may read webhooks; a plain Viewer may not.
    var readsHooks = true
}
