/// A command line that was understood.
package struct ParsedArguments: Hashable, Sendable {
    /// The command's name.
    package let command: String
    package let operands: [String]
    /// Values by the option's name, as they were given; the empty text for a flag.
    private let values: [String: [String]]

    package init(command: String, operands: [String] = [], values: [String: [String]] = [:]) {
        self.command = command
        self.operands = operands
        self.values = values
    }

    /// The option's last value; nil when it was not given.
    package subscript<Value>(option: Option<Value>) -> Value? { values[option.name]?.last.flatMap(option.parse) }

    /// The values of an option that may be given more than once, in their order.
    package func all<Value>(_ option: Option<Value>) -> [Value] {
        values[option.name, default: []].compactMap(option.parse)
    }

    /// Whether the flag was given.
    package func contains(_ flag: Flag) -> Bool { values[flag.name] != nil }
}

/// A command line that was not.
package struct UsageError: Error, Hashable, Sendable {
    /// One sentence for people.
    package let message: String
    /// The command whose help tells more; nil for the program's.
    package let command: String?

    package init(_ message: String, command: String? = nil) {
        self.message = message
        self.command = command
    }
}
