/// What a command takes, for the parser and for the help.
package struct CommandSyntax: Sendable {
    package struct Example: Sendable {
        package let line: String
        package let meaning: String

        package init(_ line: String, _ meaning: String) {
            self.line = line
            self.meaning = meaning
        }
    }

    package let name: String
    /// The operands as the help shows them: `[PROJECT…]`.
    package let operands: String
    package let operandCount: ClosedRange<Int>
    /// One line without a full stop.
    package let summary: String
    /// Paragraphs, already broken into lines.
    package let discussion: String
    package let options: [OptionSyntax]
    package let examples: [Example]

    package init(
        name: String, operands: String = "", operandCount: ClosedRange<Int> = 0...0, summary: String,
        discussion: String = "", options: [OptionSyntax] = [], examples: [Example]
    ) {
        self.name = name
        self.operands = operands
        self.operandCount = operandCount
        self.summary = summary
        self.discussion = discussion
        self.options = options
        self.examples = examples
    }
}
