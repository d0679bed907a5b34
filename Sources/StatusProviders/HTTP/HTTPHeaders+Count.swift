import HTTPClient

extension HTTPHeaders {
    /// A field's value as a whole number of zero or more; nil when it is missing or anything else.
    func count(_ name: String) -> Int64? {
        guard let value = self[name]?.trimmedOfBlanks, let number = Int64(value), number >= 0 else { return nil }
        return number
    }
}

extension StringProtocol {
    /// Without the spaces and tabs around it (RFC 9110 §5.6.3).
    var trimmedOfBlanks: SubSequence {
        guard let first = firstIndex(where: { !$0.isBlank }), let last = lastIndex(where: { !$0.isBlank }) else {
            return self[endIndex..<endIndex]
        }
        return self[first...last]
    }
}

extension Character {
    fileprivate var isBlank: Bool { self == " " || self == "\t" }
}
