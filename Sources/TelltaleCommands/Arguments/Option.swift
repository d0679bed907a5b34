/// An option that takes a value, and how the value is read. The option is the key to its value.
package struct Option<Value: Sendable>: Sendable {
    /// Without the dashes: `max-wait`.
    package let name: String
    /// What stands for the value in the help: `DURATION`.
    package let placeholder: String
    /// What it does, in one line.
    package let help: String
    /// What the value has to be, as the end of "… must be".
    package let expectation: String
    /// Reads the value; nil when it is none.
    package let parse: @Sendable (String) -> Value?

    package init(
        _ name: String, _ placeholder: String, _ help: String, expectation: String,
        parse: @escaping @Sendable (String) -> Value?
    ) {
        self.name = name
        self.placeholder = placeholder
        self.help = help
        self.expectation = expectation
        self.parse = parse
    }

    package var syntax: OptionSyntax {
        OptionSyntax(name: name, placeholder: placeholder, help: help, expectation: expectation) { parse($0) != nil }
    }
}

/// An option without a value: it is there or not.
package struct Flag: Sendable {
    package let name: String
    package let help: String

    package init(_ name: String, _ help: String) {
        self.name = name
        self.help = help
    }

    package var syntax: OptionSyntax {
        OptionSyntax(name: name, placeholder: nil, help: help, expectation: "") { _ in true }
    }
}

/// An option of either kind, as the parser and the help see it.
package struct OptionSyntax: Sendable {
    package let name: String
    /// Nil for an option without a value.
    package let placeholder: String?
    package let help: String
    package let expectation: String
    package let accepts: @Sendable (String) -> Bool
}
