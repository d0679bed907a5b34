import LinuxSystem
import StatusModel
import TelltaleClient

extension Command {
    package static let operation = Command(
        CommandSyntax(
            name: "operation", operands: "[ID]", operandCount: 0...1,
            summary: "Shows how far an operation is, or lists those of a project",
            discussion: """
                An operation is one run of an action: `telltale run` names it. With --wait it is followed until it is over,
                and a daemon that is away is waited for. With --project and without ID the project's operations are listed,
                the newest first. They are kept for a day after their end.

                It is pending once it is recorded, running once it is begun, and ends as succeeded, failed or unknown_outcome:
                it was sent, and no answer says what became of it. Then look at the provider, as its message says, before you
                run it again; it is never begun again by itself.

                The exit code is that of `telltale run`: 0 it succeeded or goes on, 1 it failed, 75 nobody knows. JSON: the
                operation, or a list of them.
                """,
            options: [
                Flag.wait.syntax, Option.project.syntax, Option.item.syntax, Option.limit.syntax, Flag.json.syntax,
            ],
            examples: [
                CommandSyntax.Example(
                    "telltale operation 9455b09cb8f9ff21d7f34a065306bf09 --wait", "Follows one to its end."),
                CommandSyntax.Example(
                    "telltale operation --project shop --key vercel --limit 5", "The newest deployments and links."),
            ]),
        run: { context throws(CommandFailure) in
            if let id = context.arguments.operands.first { return try await show(id, context) }
            guard let name = context.arguments[.project] else {
                throw CommandFailure(
                    .usage, "operation takes the ID of an operation, or --project PROJECT for a list of them.")
            }
            guard let project = try context.projects([name]).first else { return .usage }
            try await list(project, context)
            return .ok
        })

    private static func show(_ id: String, _ context: CommandContext) async throws(CommandFailure) -> ExitCode {
        guard 1...OperationQuery.idBytesMax ~= id.utf8.count else {
            throw CommandFailure(.usage, "The ID of an operation has 1 to \(OperationQuery.idBytesMax) bytes.")
        }
        var progress = OperationProgress(context: context)
        // Asked first, so that whoever has no daemon is told and does not wait for one.
        var operation = try await context.asking { client throws(TelltaleError) in
            try await client.operation(OperationQuery(id: id))
        }
        if !context.wantsJSON { try progress.show(operation) }
        if context.arguments.contains(.wait), !operation.state.isOver { operation = try await progress.follow(id) }
        if context.wantsJSON { try context.write(.operation(operation)) }
        return ExitCode(operation.state)
    }

    private static func list(_ project: ProjectID, _ context: CommandContext) async throws(CommandFailure) {
        let limit = context.arguments[.limit] ?? 20
        var operations: [Operation] = []
        var query = OperationListQuery(projectID: project, key: context.arguments[.item])
        repeat {
            query.pageSize = min(limit - operations.count, OperationListQuery.pageSizeMax)
            let page = try await context.asking { [query] client throws(TelltaleError) in
                try await client.operations(query)
            }
            operations += page.operations.prefix(limit - operations.count)
            // A page without an operation leads nowhere.
            query.pageToken = page.operations.isEmpty ? "" : page.nextPageToken
        } while operations.count < limit && !query.pageToken.isEmpty
        if context.wantsJSON {
            try context.write(.list(operations, JSONValue.operation))
            return
        }
        let now = context.clock.wall()
        let rows = operations.map { $0.cells(at: now) }
        let table = TextTable(fitting: rows, width: context.console.terminalSize?.columns, shrinking: 6)
        try context.write(rows.map { table.line($0, paint: context.paint) })
        if operations.isEmpty { context.notify("No operation of \(project) is kept.") }
    }
}

extension Flag {
    static let wait = Flag("wait", "Follow the operation until it is over.")
}

extension Option where Value == String {
    fileprivate static let project = Option(
        "project", "PROJECT", "List the operations of this project.", expectation: "the name of a project"
    ) { $0.isEmpty ? nil : $0 }
}

extension Option where Value == ItemKey {
    fileprivate static let item = Option(
        "key", "ITEM", "Only those of this item.",
        expectation: "one of github, vercel, sanity, supabase or service:NAME"
    ) { ItemKey($0) }
}

extension Option where Value == Int {
    fileprivate static let limit = Option(
        "limit", "NUMBER", "How many to list (20).", expectation: "a number from 1 to 1000"
    ) { text in Int(text).flatMap { 1...1000 ~= $0 ? $0 : nil } }
}
