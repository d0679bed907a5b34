import StatusModel
import TelltaleClient

extension Command {
    package static let projects = Command(
        CommandSyntax(
            name: "projects", summary: "Lists the projects that the role may see, each in a line",
            discussion: """
                JSON: an array of objects with project_id, overall, hash, updated_at, counts by state, and is_stale.
                """,
            options: [Flag.json.syntax],
            examples: [
                CommandSyntax.Example("telltale projects", "All projects and their worst states."),
                CommandSyntax.Example(
                    "telltale projects --json | jq -r '.[] | select(.overall == \"error\") | .project_id'",
                    "The names of those that fail."),
            ]),
        run: { context throws(CommandFailure) in
            let projects = try await context.asking { client throws(TelltaleError) in try await client.projects() }
            if context.wantsJSON {
                try context.write(JSONValue.list(projects, JSONValue.overview))
                return .ok
            }
            let now = context.clock.wall()
            let rows = projects.map { $0.cells(at: now) }
            let table = TextTable(fitting: rows)
            try context.write(rows.map { table.line($0, paint: context.paint) })
            if projects.isEmpty { context.notify("The daemon knows no project yet; its configuration names them.") }
            return .ok
        })
}

extension ProjectOverview {
    fileprivate func cells(at now: UnixTime) -> [TextTable.Cell] {
        let states = [
            (counts.error, ConnectionState.error), (counts.warning, .warning), (counts.connected, .connected),
            (counts.disconnected, .disconnected),
        ]
        let words = states.filter { $0.0 > 0 }.map { "\($0.0) \($0.1.rawValue)" }.joined(separator: ", ")
        let age = updatedAt.map { AgeText.since($0, at: now) } ?? ""
        return [
            TextTable.Cell("\(overall.mark) \(projectID.rawValue)", overall.style),
            TextTable.Cell(overall.rawValue, overall.style),
            TextTable.Cell(words),
            isStale ? TextTable.Cell(age.isEmpty ? "stale" : "\(age), stale", .caution) : TextTable.Cell(age, .dim),
        ]
    }
}
