import LinuxSystem
import StatusModel
import TelltaleClient

extension Command {
    package static let why = Command(
        CommandSyntax(
            name: "why", operands: "PROJECT [KEY]", operandCount: 1...2,
            summary: "Explains why an item is what it is, or all items of a project",
            discussion: """
                Tells what the status rests on and how old that is, what failed and whose fault it is, what holds the next
                attempt, and when that is made. Asking starts no refresh. KEY is github, vercel, sanity, supabase or
                service:NAME.

                JSON: one object for a named item, an array of these otherwise. It has status, age, last_error, breaker,
                breaker_open_until, next_attempt_at, throttled_until, demand, trace_id, the sentences as reasons, and the keys of
                all items of the project.
                """,
            options: [Flag.json.syntax],
            examples: [
                CommandSyntax.Example("telltale why shop", "Every item of a project."),
                CommandSyntax.Example("telltale why shop vercel", "One of them."),
                CommandSyntax.Example(
                    "telltale why shop github --json | jq -r '.reasons[0]'", "The weightiest reason alone."),
            ]),
        run: { context throws(CommandFailure) in
            guard let project = try context.projects(context.arguments.operands.prefix(1)).first else { return .usage }
            let key = try context.items(context.arguments.operands.dropFirst()).first
            let explanations = try await explanations(of: project, key, context)
            if context.wantsJSON {
                let values = explanations.map(JSONValue.explanation)
                try context.write(key == nil ? .list(values) : values.first ?? .null)
            } else {
                let text = ExplanationText(paint: context.paint, width: context.console.terminalSize?.columns)
                try context.write(text.lines(for: explanations))
            }
            return .ok
        })

    /// Every project has the four providers, so any of them tells which items there are: reading the project instead
    /// would be demand, and change what is to be explained.
    private static func explanations(
        of project: ProjectID, _ key: ItemKey?, _ context: CommandContext
    ) async throws(CommandFailure) -> [ItemExplanation] {
        let first = try await context.asking { client throws(TelltaleError) in
            try await client.explain(project, key: key ?? .provider(.github))
        }
        var explanations = [first]
        guard key == nil else { return explanations }
        for other in first.projectKeys where other != first.status.key {
            do throws(TelltaleError) {
                explanations.append(try await context.client.explain(project, key: other))
            } catch {
                // It was there a moment ago: the configuration has changed meanwhile.
                guard error.code == .notFound else { throw CommandFailure(error) }
            }
        }
        return explanations
    }
}
