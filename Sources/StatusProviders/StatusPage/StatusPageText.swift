/// Text of a status page, as it may stand in a hint.
enum StatusPageText {
    /// How many characters of a title are shown.
    static let lengthMax = 100
    /// How many Unicode scalars of a title are looked at: a character can be made of any number of them.
    static let scalarsMax = 800

    /// On one line, without anything that a terminal or a log must not be shown, cut at ``lengthMax``.
    static func bounded(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        for word in text.unicodeScalars.prefix(scalarsMax).split(whereSeparator: \.properties.isWhitespace) {
            let printable = word.filter { String($0).isPrintable }
            if !line.isEmpty, !printable.isEmpty { line.append(" ") }
            line.append(contentsOf: printable)
        }
        let text = String(line)
        guard text.count > lengthMax else { return text }
        return text.prefix(lengthMax - 1) + "…"
    }
}
