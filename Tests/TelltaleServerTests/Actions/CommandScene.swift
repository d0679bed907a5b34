import LinuxSystem
import StatusCore
import StatusModel
import TelltaleServer

/// One push by a shell script.
struct CommandScene: Sendable {
    /// Knows one secret.
    struct Credentials: CredentialSource {
        var text = "s3cret"

        func secret(for reference: CredentialReference) async throws(ProviderFailure) -> Secret {
            if reference == .environment(name: "REAL") { return Secret(text) }
            throw ProviderFailure(
                code: .misconfigured, cause: .host, hint: "The credential \(reference.text) is not set.",
                disposition: .keepsLast)
        }

        func version(of reference: CredentialReference) async -> CredentialVersion? { nil }
    }

    let directory: TemporaryDirectory
    let credentials: Credentials

    init(secret: String = "s3cret") throws {
        directory = try TemporaryDirectory()
        credentials = Credentials(text: secret)
    }

    func call(payload: String = "", within time: Duration = .seconds(60)) -> ActionCall {
        let now = Moment(instant: .now, wall: UnixTime(seconds: 0))
        return ActionCall(
            operationID: "op-1",
            item: ItemReference(project: knownProject, key: .provider(.github)),
            action: .push,
            link: Link(
                target: .github(GitHubTarget(owner: "acme", repository: "shop")),
                credential: .file(path: "/etc/token")),
            secret: Secret("ghp_hidden"), payload: Array(payload.utf8), requestedBy: "ada", now: now,
            deadline: now.instant.advanced(by: time))
    }

    func executor(_ script: String, definition: CommandDefinition = CommandDefinition(path: "/bin/sh"))
        -> CommandExecutor
    {
        var definition = definition
        definition.path = "/bin/sh"
        definition.arguments = ["-c", script]
        return CommandExecutor(definition: definition, runner: ChildRunner(), credentials: credentials)
    }

    func run(
        _ script: String, _ call: ActionCall? = nil, definition: CommandDefinition = CommandDefinition(path: "/bin/sh")
    ) async throws(ActionFailure) -> ActionResult {
        let step = try await executor(script, definition: definition).perform(call ?? self.call())
        guard case .done(let result) = step else {
            throw ActionFailure(.internal, reason: "NOT_DONE", OperationWords("\(step)"))
        }
        return result
    }

    func failure(
        _ script: String, call: ActionCall? = nil, definition: CommandDefinition = CommandDefinition(path: "/bin/sh")
    ) async -> ActionFailure? {
        do throws(ActionFailure) {
            _ = try await run(script, call, definition: definition)
            return nil
        } catch {
            return error
        }
    }
}

private let knownProject: ProjectID = {
    guard let id = ProjectID("shop") else { preconditionFailure("shop is a project's id") }
    return id
}()
