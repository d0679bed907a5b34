/// `owner/name`, as GitHub allows it: letters, digits, `-`, `_` and `.`, and no case to tell names apart by.
struct RepositoryName: Hashable, Sendable {
    let owner: String
    let name: String

    /// Accepts 1 to 39 characters of owner and 1 to 100 of name; nil for anything else.
    init?(owner: String, name: String) {
        guard Self.isWellFormed(owner, lengthMax: 39), Self.isWellFormed(name, lengthMax: 100) else { return nil }
        self.owner = owner
        self.name = name
    }

    /// Reads `owner/name`.
    init?(_ fullName: String) {
        let parts = fullName.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        self.init(owner: String(parts[0]), name: String(parts[1]))
    }

    var fullName: String { "\(owner)/\(name)" }

    /// What two spellings of one name have in common.
    var key: String { fullName.lowercased() }

    private static let bytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.".utf8)

    private static func isWellFormed(_ text: String, lengthMax: Int) -> Bool {
        (1...lengthMax).contains(text.utf8.count) && text.utf8.allSatisfy { bytes.contains($0) }
    }
}
