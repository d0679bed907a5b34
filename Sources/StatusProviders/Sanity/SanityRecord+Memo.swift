import FoundationEssentials
import StatusCore
import StatusModel

/// The record as the reading's memo. The store keeps it, so it is read back as carefully as an answer is.
extension SanityRecord {
    private enum Field {
        static let validator = "validator"
        static let project = "project"
        static let webhooks = "webhooks"
    }

    /// What to keep until the next read. Holds no token and no part of one.
    package var memo: [String: String] {
        var memo = [Field.validator: validator]
        memo[Field.project] = Self.encoded(
            ProjectNote(
                name: projectName, askedAt: projectAskedAt?.nanoseconds, seenAt: projectSeenAt?.nanoseconds))
        memo[Field.webhooks] = Self.encoded(WebhooksNote(webhooks))
        return memo
    }

    /// Reads back what ``memo`` wrote; nil when it is not for `validator`. A part that is not whole is asked for anew.
    package init?(memo: [String: String], validator: String) {
        guard memo[Field.validator] == validator else { return nil }
        self.init(validator: validator)
        if let note: ProjectNote = Self.decoded(memo[Field.project]) {
            projectName = SanityProject(name: note.name).name
            projectAskedAt = note.askedAt.map(UnixTime.init(nanoseconds:))
            projectSeenAt = note.seenAt.map(UnixTime.init(nanoseconds:))
        }
        if let note: WebhooksNote = Self.decoded(memo[Field.webhooks]) { webhooks = note.webhooks }
    }

    /// What a reading rests on, whichever token it was read with; nil when its memo is not whole.
    init?(confirming reading: Reading) {
        let memo = reading.memo
        guard let validator = memo[Field.validator] else { return nil }
        self.init(memo: memo, validator: validator)
    }

    private static func encoded(_ value: some Encodable) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func decoded<Value: Decodable>(_ text: String?) -> Value? {
        text.flatMap { try? JSONDecoder().decode(Value.self, from: Data($0.utf8)) }
    }
}

/// Instants are nanoseconds since the epoch.
private struct ProjectNote: Codable {
    var name: String?
    var askedAt: Int64?
    var seenAt: Int64?
}

private struct WebhooksNote: Codable {
    struct Hook: Codable {
        var id: String
        var state: SanityHook.State
        var delivery: String?
        var deliveredAt: Int64?
        var askedAt: Int64?
    }

    var hooks: [Hook]
    var code: String?
    var cause: String?
    var askedAt: Int64?
    var listedAt: Int64?
    var heldUntil: Int64?
    var route: Int?
    var routeAt: Int64?

    init(_ webhooks: SanityWebhooks) {
        hooks = webhooks.hooks.map { hook in
            var note = Hook(id: hook.id, state: hook.state, askedAt: hook.askedAt?.nanoseconds)
            (note.delivery, note.deliveredAt) = hook.delivery?.noted ?? (nil, nil)
            return note
        }
        code = webhooks.trouble?.code.rawValue
        cause = webhooks.trouble?.cause.rawValue
        askedAt = webhooks.askedAt?.nanoseconds
        listedAt = webhooks.listedAt?.nanoseconds
        heldUntil = webhooks.heldUntil?.nanoseconds
        route = webhooks.route
        routeAt = webhooks.routeLearntAt?.nanoseconds
    }

    var webhooks: SanityWebhooks {
        var webhooks = SanityWebhooks()
        webhooks.hooks = hooks.prefix(SanityHook.judgedMax).filter { SanityHook.isID($0.id) }.map { hook in
            SanityHook(
                id: hook.id, state: hook.state,
                delivery: hook.delivery.flatMap { SanityDelivery(noted: $0, at: hook.deliveredAt) },
                askedAt: hook.askedAt.map(UnixTime.init(nanoseconds:)))
        }
        if let code = code.flatMap(ProblemCode.init(rawValue:)), let cause = cause.flatMap(ProblemCause.init(rawValue:))
        {
            webhooks.trouble = SanityWebhooks.Trouble(code: code, cause: cause)
        }
        webhooks.askedAt = askedAt.map(UnixTime.init(nanoseconds:))
        webhooks.listedAt = listedAt.map(UnixTime.init(nanoseconds:))
        webhooks.heldUntil = heldUntil.map(UnixTime.init(nanoseconds:))
        webhooks.route = route
        webhooks.routeLearntAt = routeAt.map(UnixTime.init(nanoseconds:))
        return webhooks
    }
}

extension SanityDelivery {
    fileprivate var noted: (String?, Int64?) {
        switch self {
        case .idle: ("idle", nil)
        case .succeeded(let at): ("succeeded", at?.nanoseconds)
        case .failed: ("failed", nil)
        case .refused: ("refused", nil)
        case .unknown: ("unknown", nil)
        }
    }

    fileprivate init?(noted name: String, at nanoseconds: Int64?) {
        switch name {
        case "idle": self = .idle
        case "succeeded": self = .succeeded(at: nanoseconds.map(UnixTime.init(nanoseconds:)))
        case "failed": self = .failed
        case "refused": self = .refused
        case "unknown": self = .unknown
        default: return nil
        }
    }
}
