import FoundationEssentials
import StatusCore
import StatusModel
import TelltaleClient

extension Command {
    package static let runAction = Command(
        CommandSyntax(
            name: "run", operands: "PROJECT PROVIDER ACTION", operandCount: 3...3,
            summary: "Runs an action on an integration, such as a deployment",
            discussion: """
                \(actionLines)

                What their --payload may have, one JSON object that most can do without:
                  push: event_type and client_payload, or workflow with ref and inputs
                  sync of github: branch
                  deploy-preview, deploy-production: ref, with sha and repo; without it the newest is deployed anew
                  link: repo as owner/name, or project and team
                  connect, reconnect: a link as the configuration writes it
                All others take none.

                The daemon answers as soon as the operation is recorded, and goes on by itself; --wait follows it until it is
                over, and Ctrl-C leaves it running. `telltale operation ID` looks at it again.

                An action runs once for its key: the same command with the same --key gives the same operation for 24 h. Each
                command without --key has a new one, which it shows. An operation that failed stays so under its key: to try
                again, leave --key out.

                --dry-run says what would be done, or fails as the command itself would. It changes nothing, uses no key, and is
                none of the 5 actions a minute that a user may run in a project, unless configured otherwise.

                For 24 h after the daemon's store was damaged, removed or put back from a copy, keys may be forgotten. A --key
                that the daemon does not know is then refused: look at the provider whether the action ran, and if it did not,
                run it with --after-loss.

                Exit codes: 0 it succeeded, or is recorded; 1 it failed; 75 nobody knows whether it happened, or the daemon
                cannot take it now; the others as `telltale --help` lists them. JSON: an object {operation, replayed,
                in_flight, idempotency_key}.
                """,
            options: [
                Option.payload.syntax, Option.key.syntax, Flag.afterLoss.syntax, Flag.wait.syntax, Flag.dryRun.syntax,
                Flag.json.syntax,
            ],
            examples: [
                CommandSyntax.Example(
                    "telltale run shop vercel deploy-production --wait", "Deploys, and shows how far it is."),
                CommandSyntax.Example(
                    "telltale run shop github push --payload '{\"workflow\":\"deploy.yml\"}' --dry-run",
                    "What it would do, without doing it."),
                CommandSyntax.Example(
                    "telltale run shop sanity sync --user ada --role editor", "On behalf of an editor."),
            ]),
        run: { context throws(CommandFailure) in try await RunCommand(context: context).run() })

    /// The actions of each kind of item.
    private static let actionLines: String = {
        let keys = ProviderKey.allCases.map { ItemKey.provider($0) } + [.service("NAME")]
        let lines = keys.map { key in
            "  \(key): \(IntegrationAction.all(for: key).map(\.rawValue).joined(separator: ", "))"
        }
        return (["PROVIDER and its ACTION are:"] + lines).joined(separator: "\n")
    }()
}

extension Flag {
    fileprivate static let dryRun = Flag("dry-run", "Say what would be done, and change nothing.")
    fileprivate static let afterLoss = Flag(
        "after-loss", "I looked: nothing ran under this key before the store lost some.")
}

extension Option where Value == String {
    fileprivate static let payload = Option(
        "payload", "JSON|@FILE|-", "The action's parameters; - reads standard input.",
        expectation: "one JSON object, @ and the path of a file, or -"
    ) { $0.isEmpty ? nil : $0 }

    fileprivate static let key = Option(
        "key", "UUID", "Run it once for this key.",
        expectation: "a UUID such as 0a4faacc-1f6e-4b0c-9d52-3c5a1e7d2b88"
    ) { UUID(uuidString: $0)?.uuidString.lowercased() }
}

private struct RunCommand {
    let context: CommandContext

    func run() async throws(CommandFailure) -> ExitCode {
        let request = try request()
        let receipt: OperationReceipt
        do throws(TelltaleError) { receipt = try await context.client.run(request) } catch {
            throw failure(error, request)
        }
        if !context.wantsJSON { try context.write([words(for: receipt, of: request)]) }
        var operation = receipt.operation
        if context.arguments.contains(.wait), !operation.isDryRun, !operation.state.isOver {
            context.notify(
                "Ctrl-C leaves it running; `telltale operation \(operation.id) --wait` looks at it again.")
            var progress = OperationProgress(context: context)
            operation = try await progress.follow(operation.id)
        } else if !context.wantsJSON, !operation.isDryRun, operation.state.isOver {
            var progress = OperationProgress(context: context)
            try progress.show(operation)
        }
        if context.wantsJSON {
            let newest = OperationReceipt(operation: operation, isReplayed: receipt.isReplayed)
            try context.write(.receipt(newest, key: request.idempotencyKey))
        }
        return ExitCode(operation.state)
    }

    private func request() throws(CommandFailure) -> ActionRequest {
        let operands = context.arguments.operands
        guard operands.count == 3, let project = try context.projects(operands.prefix(1)).first,
            let key = try context.items(operands[1..<2]).first
        else { throw CommandFailure(.usage, "run takes PROJECT PROVIDER ACTION.") }
        guard 1...ActionRequest.actionBytesMax ~= operands[2].utf8.count else {
            throw CommandFailure(.usage, "The name of an action has 1 to \(ActionRequest.actionBytesMax) bytes.")
        }
        let given = context.arguments[.key]
        return ActionRequest(
            projectID: project, key: key, action: operands[2], payload: try payload(),
            idempotencyKey: given ?? UUID().uuidString.lowercased(),
            isDryRun: context.arguments.contains(.dryRun),
            // Nothing ran under a key that was made this moment.
            isAfterLoss: given == nil || context.arguments.contains(.afterLoss))
    }

    private func payload() throws(CommandFailure) -> [UInt8] {
        guard let text = context.arguments[.payload] else { return [] }
        let bytesMax = ActionRequest.payloadBytesMax
        let bytes: [UInt8]
        if text == "-" {
            bytes = try context.console.readInput(bytesMax: bytesMax)
        } else if text.hasPrefix("@") {
            bytes = try context.console.readFile(at: String(text.dropFirst()), bytesMax: bytesMax)
        } else {
            bytes = Array(text.utf8)
        }
        guard bytes.count <= bytesMax, case .object = JSONValue(reading: bytes) else {
            throw CommandFailure(
                .usage, "The payload must be one JSON object of at most \(bytesMax) bytes, such as {\"ref\":\"main\"}.")
        }
        return bytes
    }

    private func words(for receipt: OperationReceipt, of request: ActionRequest) -> String {
        let operation = receipt.operation
        if operation.isDryRun {
            return "Nothing was changed. It would do: \(TerminalText.neutralised(operation.summary))"
        }
        let (id, key) = (TerminalText.neutralised(operation.id), request.idempotencyKey)
        guard receipt.isReplayed else { return "\(operation.subject) is recorded as \(id), under the key \(key)." }
        let age = AgeText.since(operation.createdAt, at: context.clock.wall())
        return "The key \(key) stands for \(id), recorded \(age); nothing was begun again."
    }

    /// The daemon's refusal with the next step.
    private func failure(_ error: TelltaleError, _ request: ActionRequest) -> CommandFailure {
        let failure = CommandFailure(error)
        switch (error.code, error.reason) {
        case (.unavailable, _), (.deadlineExceeded, _):
            guard !request.isDryRun else { return failure }
            return CommandFailure(
                .temporaryFailure,
                "\(failure.message) Run it again with --key \(request.idempotencyKey): what was recorded is not begun twice."
            )
        case (_, "KEY_REUSED"):
            let used = error.metadata["operation_id"].map { "`telltale operation \($0)` shows for what. " } ?? ""
            return CommandFailure(failure.exitCode, "\(failure.message) \(used)Without --key a new one is made.")
        case (_, "KEYS_LOST"):
            let next = "Here that is --after-loss; without --key a new key is made, which is never refused so."
            return CommandFailure(failure.exitCode, "\(failure.message) \(next)")
        case (_, "ACTION_UNKNOWN"):
            return CommandFailure(failure.exitCode, "\(failure.message) `telltale run --help` lists the actions.")
        default: return failure
        }
    }
}
