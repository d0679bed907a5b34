import StatusModel

extension Command {
    package static let help = Command(
        CommandSyntax(
            name: "help", operands: "[COMMAND]", operandCount: 0...1, summary: "Shows this help, or that of a command",
            examples: [CommandSyntax.Example("telltale help watch", "All about one command.")]),
        run: { context throws(CommandFailure) in
            try context.console.write(try helpText(of: context.arguments.operands.first))
            return .ok
        })

    /// The help of a command; nil for the program's.
    static func helpText(of name: String?) throws(CommandFailure) -> String {
        guard let name else { return HelpText.program(commands: all.map(\.syntax), options: OptionSyntax.common) }
        guard let command = all.first(where: { $0.syntax.name == name }) else {
            let hint = Suggestion.question(about: name, among: all.map(\.syntax.name))
            throw CommandFailure(.usage, "there is no command \"\(name)\"\(hint)")
        }
        return HelpText.command(command.syntax, options: OptionSyntax.common)
    }
}
