import StatusModel

// What follows is the documented schema, less the fields that nobody here reads.

struct SanityProjectBody: Encodable, Sendable {
    struct Metadata: Encodable, Sendable {
        var color = "#f97316"
        var externalStudioHost: String?
    }

    var id: String
    var displayName: String
    var studioHost: Nullable<String>
    var organizationId = Nullable<String>(nil)
    var isBlocked: Bool
    var isDisabled: Bool
    var isDisabledByUser = false
    var createdAt: String
    var maxRetentionDays = 3
    var features: [String] = []
    var metadata = Metadata()

    init(_ project: SanityProject, id: String) {
        self.id = id
        displayName = project.name
        studioHost = Nullable(project.studioHost ?? id)
        metadata.externalStudioHost = project.externalStudioHost
        isBlocked = project.isBlocked
        isDisabled = project.isDisabled
        createdAt = TimeText.iso8601(project.createdAt)
    }
}

struct SanityUserBody: Encodable, Sendable {
    var id: String
    var name = "Robot"
    var role = "viewer"
    var provider = "sanity-token"
}

struct SanityQueryBody<Result: Encodable & Sendable>: Encodable, Sendable {
    var query: String
    var result: Result
    /// What the server took, in milliseconds.
    var ms = 4
    var syncTags = ["s1:simulated"]
}

struct SanityDocumentBody: Encodable, Sendable {
    var _id: String
    var _type: String
    var _rev: String
    var _updatedAt: String

    init(_ document: SanityDataset.Document, id: String) {
        _id = id
        _type = document.type
        _rev = Fingerprint("revision", id, String(document.revision)).hex(digits: 22)
        _updatedAt = TimeText.iso8601(document.updatedAt)
    }
}

struct SanityHookBody: Encodable, Sendable {
    struct Rule: Encodable, Sendable {
        var on = ["create", "update", "delete"]
        var filter = Nullable<String>(nil)
        var projection = Nullable<String>(nil)
    }

    var id: String
    var projectId: String
    var type = "document"
    var name: String
    var description = ""
    var dataset: String
    var url = "https://receiver.example.com/hook/SIMULATED-SECRET-PATH"
    var httpMethod = "POST"
    var apiVersion = "2021-10-04"
    var includeDrafts = false
    /// Two secrets in the middle of an answer, as Sanity sends them: they must not be kept or logged.
    var headers = ["authorization": "SIMULATED-SECRET-HEADER"]
    var secret = "SIMULATED-SECRET-HOOK"
    var rule = Rule()
    var isDisabled: Bool
    var isDisabledByUser: Bool
    var createdAt: String
    var createdByUserId = "pUser1"
    var deletedAt: Nullable<String>

    init(_ hook: SanityHook, id: String, project: String) {
        self.id = id
        projectId = project
        name = id
        dataset = hook.dataset
        isDisabled = hook.isDisabled
        isDisabledByUser = hook.isDisabledByUser
        createdAt = TimeText.iso8601(hook.createdAt)
        deletedAt = Nullable(hook.isDeleted ? createdAt : nil)
    }
}

struct SanityMessageBody: Encodable, Sendable {
    var id: String
    var projectId: String
    var hookId: String
    var dataset: String
    var status: String
    var failureCount: Int
    var resultCode: Nullable<Int>
    var payload = "{\"simulated\":true}"
    var createdAt: String

    init(_ message: SanityHook.Message, hook: String, project: String) {
        id = message.id
        projectId = project
        hookId = hook
        dataset = message.dataset
        status = message.status.rawValue
        failureCount = message.status == .failure ? 3 : 0
        resultCode = Nullable(message.resultCode)
        createdAt = TimeText.iso8601(message.createdAt)
    }
}

struct SanityAttemptBody: Encodable, Sendable {
    var id: String
    var projectId: String
    var hookId: String
    var messageId: String
    var inProgress: Bool
    var isFailure: Bool
    var failureReason: String
    var resultCode: Nullable<Int>
    var duration = Nullable<Int>(120)
    var createdAt: String

    init(_ message: SanityHook.Message, hook: String, project: String) {
        id = "attempt-" + message.id
        projectId = project
        hookId = hook
        messageId = message.id
        inProgress = message.status == .queued || message.status == .sending
        isFailure = message.status == .failure
        failureReason = message.status == .failure ? "http" : ""
        resultCode = Nullable(message.resultCode)
        createdAt = TimeText.iso8601(message.createdAt)
    }
}
