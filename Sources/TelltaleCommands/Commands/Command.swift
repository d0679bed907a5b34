/// One command: what it takes, and what it does.
package struct Command: Sendable {
    package let syntax: CommandSyntax
    package let run: @Sendable (CommandContext) async throws(CommandFailure) -> ExitCode

    package init(
        _ syntax: CommandSyntax, run: @escaping @Sendable (CommandContext) async throws(CommandFailure) -> ExitCode
    ) {
        self.syntax = syntax
        self.run = run
    }

    /// All of them, in the order of the help.
    package static let all: [Command] = [
        .status, .watch, .why, .runAction, .operation, .health, .projects, .cache, .invalidate, .report, .webhook,
        .reload, .version, .help,
    ]
}
