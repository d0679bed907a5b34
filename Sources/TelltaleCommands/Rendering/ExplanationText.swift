package import StatusModel

/// Explanations of items for a person: a title each, and its sentences below.
package struct ExplanationText: Sendable {
    private static let indent = "  "

    private let paint: Paint
    /// The columns of the terminal; nil for any.
    private let width: Int?

    package init(paint: Paint, width: Int? = nil) {
        self.paint = paint
        self.width = width
    }

    package func lines(for explanations: [ItemExplanation]) -> [String] {
        explanations.enumerated().flatMap { index, explanation in
            (index == 0 ? [] : [""]) + lines(for: explanation)
        }
    }

    private func lines(for explanation: ItemExplanation) -> [String] {
        let item = explanation.status
        let state = item.hasState ? item.status : .disconnected
        let label = TerminalText.neutralised(item.label)
        let title =
            paint("\(state.mark) \(item.key.displayName)", .strong) + "  " + paint(item.stateWords, state.style)
            + (label.isEmpty ? "" : "  " + paint(label, .dim))
        let trace = TerminalText.neutralised(explanation.traceID)
        return [title] + explanation.reasons.flatMap { paragraph(TerminalText.neutralised($0), .plain) }
            + (trace.isEmpty ? [] : paragraph("Trace \(trace)", .dim))
    }

    private func paragraph(_ text: String, _ style: Paint.Style) -> [String] {
        let lines = width.map { TerminalText.wrapped(text, to: $0 - Self.indent.count) } ?? [text]
        return lines.map { Self.indent + paint($0, style) }
    }
}
