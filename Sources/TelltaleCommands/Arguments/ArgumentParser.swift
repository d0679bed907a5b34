import StatusModel

/// Reads command lines in GNU's manner: `--option value`, `--option=value`, options and operands in any order, and `--`
/// before operands that begin with a dash. An option that is given twice has its last value, unless the command wants all.
package struct ArgumentParser: Sendable {
    /// What a command line asks for.
    package enum Request: Hashable, Sendable {
        case run(ParsedArguments)
        /// The help of a command; nil for the program's.
        case help(String?)
        case version
    }

    private let commands: [CommandSyntax]
    private let globalOptions: [OptionSyntax]

    private static let help = Flag("help", "Show this help.").syntax
    private static let version = Flag("version", "Show the version.").syntax

    package init(commands: [CommandSyntax], globalOptions: [OptionSyntax]) {
        self.commands = commands
        self.globalOptions = globalOptions
    }

    /// Reads the arguments, without the program's own name.
    package func parse(_ arguments: [String]) throws(UsageError) -> Request {
        var rest = arguments[...]
        var command: CommandSyntax?
        var operands: [String] = []
        var values: [String: [String]] = [:]
        var optionsEnded = false
        while let argument = rest.popFirst() {
            if !optionsEnded, argument == "--" {
                optionsEnded = true
            } else if !optionsEnded, argument.hasPrefix("-"), argument != "-" {
                let (name, value) = try option(argument, of: command, &rest)
                values[name, default: []].append(value)
            } else if command == nil {
                command = try self.command(argument)
            } else {
                operands.append(argument)
            }
        }
        if values[Self.help.name] != nil { return .help(command?.name) }
        if values[Self.version.name] != nil { return .version }
        guard let command else { throw UsageError("a command is missing") }
        try check(operands, of: command)
        return .run(ParsedArguments(command: command.name, operands: operands, values: values))
    }

    private func command(_ name: String) throws(UsageError) -> CommandSyntax {
        if let command = commands.first(where: { $0.name == name }) { return command }
        let hint = Suggestion.question(about: name, among: commands.map(\.name))
        throw UsageError("there is no command \"\(name)\"\(hint)")
    }

    /// One option with its value, which may be the next argument.
    private func option(
        _ argument: String, of command: CommandSyntax?, _ rest: inout ArraySlice<String>
    ) throws(UsageError) -> (name: String, value: String) {
        if argument == "-h" { return (Self.help.name, "") }
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let given = String(parts[0])
        let attached = parts.count == 2 ? String(parts[1]) : nil
        let known = (command?.options ?? []) + globalOptions + [Self.help, Self.version]
        guard given.hasPrefix("--"), let option = known.first(where: { $0.name == given.dropFirst(2) }) else {
            throw UsageError(unknown(given, known, in: command), command: command?.name)
        }
        guard let placeholder = option.placeholder else {
            if attached != nil { throw UsageError("\(given) takes no value", command: command?.name) }
            return (option.name, "")
        }
        guard let value = attached ?? rest.popFirst() else {
            throw UsageError("\(given) needs a value: \(given) \(placeholder)", command: command?.name)
        }
        guard option.accepts(value) else {
            throw UsageError("\(given) must be \(option.expectation), not \"\(value)\"", command: command?.name)
        }
        return (option.name, value)
    }

    private func unknown(_ given: String, _ known: [OptionSyntax], in command: CommandSyntax?) -> String {
        let name = String(given.drop { $0 == "-" })
        if let owner = commands.first(where: { $0.options.contains { $0.name == name } }), command == nil {
            return "\(given) is an option of \(owner.name) and stands behind it"
        }
        let nearest = Suggestion.nearest(to: name, among: known.map(\.name))
        return "there is no option \(given)" + (nearest.map { "; did you mean --\($0)?" } ?? "")
    }

    private func check(_ operands: [String], of command: CommandSyntax) throws(UsageError) {
        guard operands.count < command.operandCount.lowerBound || operands.count > command.operandCount.upperBound
        else { return }
        let expected = command.operands.isEmpty ? "no operands" : command.operands
        throw UsageError("\(command.name) takes \(expected)", command: command.name)
    }
}
