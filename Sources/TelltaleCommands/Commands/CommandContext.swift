package import StatusModel
package import TelltaleClient

/// What a command works with.
package struct CommandContext: Sendable {
    package let arguments: ParsedArguments
    package let client: TelltaleClient
    package let console: any Console
    package let paint: Paint
    package let clock: CommandClock
    /// Whether standard output is a terminal on which the cursor can be moved.
    package let isLive: Bool

    package init(
        arguments: ParsedArguments, client: TelltaleClient, console: any Console, paint: Paint, clock: CommandClock,
        isLive: Bool
    ) {
        self.arguments = arguments
        self.client = client
        self.console = console
        self.paint = paint
        self.clock = clock
        self.isLive = isLive
    }

    var wantsJSON: Bool { arguments.contains(.json) }

    func write(_ lines: [String]) throws(CommandFailure) {
        guard !lines.isEmpty else { return }
        try console.write(lines.joined(separator: "\n") + "\n")
    }

    func write(_ value: JSONValue) throws(CommandFailure) { try console.write(value.line + "\n") }

    /// Tells the person something beside the output.
    func notify(_ message: String) { console.writeError("telltale: \(TerminalText.neutralised(message))\n") }

    /// Names from the command line as projects.
    func projects(_ names: some Sequence<String>) throws(CommandFailure) -> [ProjectID] {
        var projects: [ProjectID] = []
        for name in names {
            guard let project = ProjectID(name) else {
                throw CommandFailure(
                    .usage,
                    "\"\(name)\" is no name of a project: it has 1 to \(ProjectID.lengthBytesMax) characters of "
                        + "A–Z a–z 0–9 . _ : / @ - and begins with a letter or a digit.")
            }
            // Naming one twice asks for nothing more.
            if !projects.contains(project) { projects.append(project) }
        }
        return projects
    }

    /// Names from the command line as items.
    func items(_ names: some Sequence<String>) throws(CommandFailure) -> [ItemKey] {
        var keys: [ItemKey] = []
        for name in names {
            guard let key = ItemKey(name) else {
                throw CommandFailure(
                    .usage, "\"\(name)\" is no item: it is github, vercel, sanity, supabase or service:NAME.")
            }
            keys.append(key)
        }
        return keys
    }

    /// Asks the daemon, and turns its refusal into the command's.
    func asking<Answer: Sendable>(
        _ call: (TelltaleClient) async throws(TelltaleError) -> Answer
    ) async throws(CommandFailure) -> Answer {
        do throws(TelltaleError) { return try await call(client) } catch { throw CommandFailure(error) }
    }
}

/// The clocks of a command, so that a test can drive them by hand.
package struct CommandClock: Sendable {
    /// The wall clock, to show ages by.
    package let wall: @Sendable () -> UnixTime
    /// The clock to wait by.
    package let waiting: ClientClock

    package init(wall: @escaping @Sendable () -> UnixTime, waiting: ClientClock) {
        self.wall = wall
        self.waiting = waiting
    }
}
