/// The help of the program and of its commands.
package enum HelpText {
    /// Where the explanation of an option begins.
    private static let column = 24

    package static func program(commands: [CommandSyntax], options: [OptionSyntax]) -> String {
        """
        Shows how the integrations of this host's projects stand, as telltaled knows them.

        Usage: telltale COMMAND [OPTION…]

        Commands:
        \(commands.map { row($0.name, $0.summary) }.joined(separator: "\n"))

        Options of every command:
        \(rows(options))

        Exit codes: 0 all is well; 1 an action failed; 64 wrong usage; 66 no such project; 69 no daemon, or
        not serving; 70 a defect; 74 the output failed; 75 try again later; 77 not permitted.

        telltale COMMAND --help tells more about a command.

        """
    }

    package static func command(_ command: CommandSyntax, options: [OptionSyntax]) -> String {
        let usage = ["telltale", command.name, command.operands, "[OPTION…]"].filter { !$0.isEmpty }
        var sections = ["\(command.summary).", "Usage: \(usage.joined(separator: " "))"]
        if !command.discussion.isEmpty { sections.append(command.discussion) }
        if !command.options.isEmpty { sections.append("Options:\n\(rows(command.options))") }
        sections.append("Options of every command:\n\(rows(options))")
        let examples = command.examples.map { "  \($0.line)\n      \($0.meaning)" }
        sections.append("Examples:\n\(examples.joined(separator: "\n"))")
        return sections.joined(separator: "\n\n") + "\n"
    }

    private static func rows(_ options: [OptionSyntax]) -> String {
        options.map { option in
            row("--\(option.name)" + (option.placeholder.map { " \($0)" } ?? ""), option.help)
        }.joined(separator: "\n")
    }

    private static func row(_ term: String, _ explanation: String) -> String {
        "  " + term + String(repeating: " ", count: max(2, column - 2 - term.count)) + explanation
    }
}
