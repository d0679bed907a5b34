import StatusModel

/// As much of GROQ as clients of this simulator ask: everything changed since an instant, newest first, or its count.
///
/// Filters other than `$since` are passed over; a query whose brackets or quotes do not close is refused.
struct SanityQuery {
    let text: String
    let since: UnixTime?
    let isCount: Bool
    /// Whether drafts and releases count.
    let isRaw: Bool
    /// `[0...N]`; nil when all are wanted.
    let limit: Int?

    init(_ request: SimulatedRequest) {
        let text = request.query("query") ?? ""
        self.text = text
        let parameter = request.query("$since") ?? ""
        since = TimeText.parsed(String(parameter.dropFirst().dropLast()))
        isCount = text.hasPrefix("count(")
        isRaw = request.query("perspective") == "raw"
        limit = text.firstRange(of: "[0...").flatMap { Int(text[$0.upperBound...].prefix { $0.isNumber }) }
    }

    /// Where the query goes wrong; nil when it does not.
    var mistake: Int? {
        var open: [Character] = []
        var quote: Character?
        for (offset, character) in text.enumerated() {
            if let current = quote {
                if character == current { quote = nil }
                continue
            }
            switch character {
            case "\"", "'": quote = character
            case "(": open.append(")")
            case "[": open.append("]")
            case "{": open.append("}")
            case ")", "]", "}":
                if open.popLast() != character { return offset }
            default: break
            }
        }
        return text.isEmpty || quote != nil || !open.isEmpty ? text.count : nil
    }
}
