package import StatusCore
import StatusModel

/// What is to be done to a repository, by the action and its payload (providers.md §2.2).
package enum GitHubOrder: Hashable, Sendable {
    /// An event that workflows listen for: `repository_dispatch`.
    case event(type: String, payload: [String: JSONValue]?)
    /// One workflow, by its file or its number, on a branch or tag; nil for the default branch.
    case workflow(String, ref: String?, inputs: [String: JSONValue]?)
    /// A branch of a fork takes over what its upstream has; nil for the default branch.
    case mergeUpstream(branch: String?)
    /// The repository is read again, which whoever ordered it does besides.
    case reread

    /// The event's type where none is named.
    package static let eventTypeDefault = "telltale"
    /// The longest type of an event, in bytes: https://docs.github.com/rest/repos/repos#create-a-repository-dispatch-event
    package static let eventTypeBytesMax = 100
    /// Members of an event's payload, by the same page.
    package static let eventMembersMax = 10
    /// Inputs of a workflow: https://docs.github.com/rest/actions/workflows#create-a-workflow-dispatch-event
    package static let inputsMax = 25
    /// The longest name of a branch, a tag or a workflow's file, in bytes.
    package static let nameBytesMax = 256

    /// - Throws: ``ActionFailure`` with the member that is wrong.
    package init(_ action: IntegrationAction, _ payload: [UInt8]) throws(ActionFailure) {
        switch action {
        case .push: self = try Self(push: payload)
        case .sync:
            let payload = try ActionPayload(payload, taking: ["branch"])
            self = .mergeUpstream(branch: try payload.word("branch", bytesMax: Self.nameBytesMax))
        case .pull:
            _ = try ActionPayload(payload, taking: [])
            self = .reread
        default: throw .foreign("GitHub")
        }
    }

    private init(push bytes: [UInt8]) throws(ActionFailure) {
        let payload = try ActionPayload(bytes, taking: ["event_type", "client_payload", "workflow", "ref", "inputs"])
        guard let workflow = try payload.numberOrWord("workflow", bytesMax: Self.nameBytesMax) else {
            for name in ["ref", "inputs"] where payload.has(name) { throw .invalid(name, "needs a workflow beside it") }
            self = .event(
                type: try payload.text("event_type", bytesMax: Self.eventTypeBytesMax) ?? Self.eventTypeDefault,
                payload: try payload.object("client_payload", membersMax: Self.eventMembersMax))
            return
        }
        for name in ["event_type", "client_payload"] where payload.has(name) {
            throw .invalid(name, "cannot stand beside a workflow")
        }
        guard workflow != ".", workflow != "..", !workflow.contains("/") else {
            throw .invalid("workflow", "must be a file's name without its folder, such as deploy.yml, or a number")
        }
        self = .workflow(
            workflow, ref: try payload.word("ref", bytesMax: Self.nameBytesMax),
            inputs: try payload.object("inputs", membersMax: Self.inputsMax))
    }

    /// What it would do to the repository of that name.
    package func plan(for repository: String) -> ActionPlan {
        switch self {
        case .event(let type, _):
            ActionPlan(
                OperationWords("Sends the event \(type) to \(repository)", generic: "Sends an event to the repository"),
                isSending: true)
        case .workflow(let workflow, _, _):
            ActionPlan(
                OperationWords("Runs the workflow \(workflow) of \(repository)", generic: "Runs a workflow"),
                isSending: true)
        case .mergeUpstream(let branch):
            ActionPlan(
                OperationWords(
                    "Takes over upstream's changes to \(branch ?? "the default branch") of \(repository)",
                    generic: "Takes over upstream's changes"), isSending: true)
        case .reread: ActionPlan(OperationWords("Reads the repository again"), isSending: false)
        }
    }

    /// Where to look when GitHub's answer got lost.
    package var lost: OperationWords {
        switch self {
        case .mergeUpstream:
            OperationWords(
                "GitHub's answer got lost, so nobody here knows whether the branch was changed: compare it with its upstream "
                    + "on GitHub before you sync again.")
        case .event, .workflow, .reread:
            OperationWords(
                "GitHub's answer got lost, so nobody here knows whether workflows run: look at the repository's Actions page "
                    + "before you push again.")
        }
    }

    /// The permission that a fine-grained token needs for it.
    var permission: String {
        if case .workflow = self { "Actions: write" } else { "Contents: write" }
    }
}
