import StatusModel
import TelltaleClient

extension Command {
    package static let reload = Command(
        CommandSyntax(
            name: "reload", summary: "Has the daemon read its configuration anew",
            discussion: """
                Changed projects count at once, and no connection is dropped; everything else waits for a restart and is
                named. A file with mistakes changes nothing: they are named with file and line, and it exits with 78. Owners
                and admins may do this.

                JSON: an object of projects_added, projects_changed, projects_removed and needs_restart, a list of paths.
                """,
            options: [Flag.json.syntax],
            examples: [
                CommandSyntax.Example("telltale reload", "After an edit of the configuration."),
                CommandSyntax.Example("telltale reload --json | jq .needs_restart", "What is left to be done."),
            ]),
        run: { context throws(CommandFailure) in
            let report = try await reloaded(context)
            if context.wantsJSON {
                try context.write(.reload(report))
            } else {
                try context.write(report.lines)
            }
            return .ok
        })

    private static func reloaded(_ context: CommandContext) async throws(CommandFailure) -> ReloadReport {
        do throws(TelltaleError) {
            return try await context.client.reload()
        } catch {
            guard error.reason == "CONFIGURATION_INVALID" else { throw CommandFailure(error) }
            // Each mistake on a line that an editor can jump to.
            let lines = error.message.split(separator: "\n").map { TerminalText.neutralised(String($0)) }
            for mistake in lines.dropFirst() { context.console.writeError(mistake + "\n") }
            throw CommandFailure(.configuration, lines.first ?? "")
        }
    }
}

extension ReloadReport {
    fileprivate var lines: [String] {
        let count = projectsAdded == 1 ? "project" : "projects"
        let changes = "\(projectsAdded) \(count) added, \(projectsChanged) changed, \(projectsRemoved) removed."
        guard !needsRestart.isEmpty else { return [changes] }
        let settings = TerminalText.neutralised(needsRestart.joined(separator: ", "))
        return [changes, "Only after a restart: \(settings)."]
    }
}
