package import LinuxSystem
import Signatures
package import StatusCore
import StatusModel

/// Carries out an action by a local program: JSON in, JSON out, no shell (docs/configuration.md).
package struct CommandExecutor: ActionExecutor {
    /// What is said to those who may not know the program.
    static let genericName = "A local command"

    private let definition: CommandDefinition
    private let runner: ChildRunner
    private let credentials: any CredentialSource

    package init(definition: CommandDefinition, runner: ChildRunner, credentials: any CredentialSource) {
        self.definition = definition
        self.runner = runner
        self.credentials = credentials
    }

    /// Each part with its length before it, so that no two commands give the same bytes.
    package var carrier: OperationCarrier {
        let parts = [definition.path] + definition.arguments
        return .command(digest: SHA256Digest.hex(of: parts.flatMap { Array("\($0.utf8.count):\($0)".utf8) }))
    }

    /// What a program does is its own, so it is taken to change something.
    package func plan(_ call: ActionCall) throws(ActionFailure) -> ActionPlan {
        _ = try ActionPayload.object(call.payload)
        return ActionPlan(
            OperationWords("Runs \(definition.path)", generic: "Runs a local command"), isSending: true)
    }

    package func perform(_ call: ActionCall) async throws(ActionFailure) -> ActionStep {
        var verdict = CommandVerdict(path: definition.path)
        let timeLimit = min(definition.timeout, call.now.instant.duration(to: call.deadline))
        guard timeLimit > .zero else { throw verdict.tooLate }
        let secrets = try await secrets()
        verdict.secrets = CommandSecrets(secrets.values)
        let command = ChildCommand(
            path: definition.path, arguments: definition.arguments,
            environment: definition.environment.merging(secrets.mapValues { $0.reveal() }) { $1 },
            input: try CommandMessage(call).bytes(payload: call.payload), timeLimit: timeLimit)
        let outcome: ChildOutcome
        do throws(ChildFailure) {
            outcome = try await runner.run(command)
        } catch {
            throw verdict.failure(error)
        }
        return .done(try verdict.result(outcome))
    }

    /// By variable. They are read for each run, so a rotated one counts at once.
    private func secrets() async throws(ActionFailure) -> [String: Secret] {
        var secrets: [String: Secret] = [:]
        for (name, reference) in definition.secrets {
            do throws(ProviderFailure) {
                secrets[name] = try await credentials.secret(for: reference)
            } catch {
                throw ActionFailure(
                    .failedPrecondition, reason: "COMMAND_SECRET_MISSING",
                    OperationWords(
                        "\(error.hint) Nothing was run.",
                        generic: "A secret of the local command cannot be read. Nothing was run."))
            }
        }
        return secrets
    }
}
