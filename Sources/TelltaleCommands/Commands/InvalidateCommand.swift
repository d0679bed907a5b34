import StatusModel
import TelltaleClient

extension Command {
    package static let invalidate = Command(
        CommandSyntax(
            name: "invalidate", operands: "PROJECT [KEY…]", operandCount: 1...257,
            summary: "Makes what is known of a project count as out of date",
            discussion: """
                It is read again as soon as somebody wants it, and shown until then. KEY is github, vercel, sanity, supabase
                or service:NAME; without one it is all of the project.
                """,
            examples: [
                CommandSyntax.Example("telltale invalidate shop", "All of a project."),
                CommandSyntax.Example("telltale invalidate shop github service:worker", "Two of its items."),
            ]),
        run: { context throws(CommandFailure) in
            let operands = context.arguments.operands
            guard let project = try context.projects(operands.prefix(1)).first else { return .usage }
            let keys = try context.items(operands.dropFirst())
            let count = try await context.asking { client throws(TelltaleError) in
                try await client.invalidate(project, keys: keys)
            }
            try context.write(["\(count) \(count == 1 ? "item" : "items") of \(project) will be read again."])
            return .ok
        })
}
