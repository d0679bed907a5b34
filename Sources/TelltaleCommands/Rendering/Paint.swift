/// Colours for a terminal that shows them, and none for anything else.
package struct Paint: Hashable, Sendable {
    /// What a text is to look like; the terminal's own palette gives the colours.
    package enum Style: Hashable, Sendable {
        case plain, strong, dim, good, caution, bad
    }

    package let isColoured: Bool

    package init(isColoured: Bool) { self.isColoured = isColoured }

    /// Colours only on a terminal that knows them, and where nobody asks for none (no-color.org).
    package init(isTerminal: Bool, environment: [String: String], isRefused: Bool) {
        let hasNoColor = !(environment["NO_COLOR"] ?? "").isEmpty
        isColoured = isTerminal && !hasNoColor && !isRefused && environment["TERM"] != "dumb"
    }

    package func callAsFunction(_ text: String, _ style: Style) -> String {
        guard isColoured, let code = Self.code(of: style), !text.isEmpty else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    private static func code(of style: Style) -> Int? {
        switch style {
        case .plain: nil
        case .strong: 1
        case .dim: 2
        case .good: 32
        case .caution: 33
        case .bad: 31
        }
    }
}
