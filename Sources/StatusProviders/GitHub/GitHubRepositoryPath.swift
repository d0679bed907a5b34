/// `owner/name`, checked so that it can stand in a URL and in front of people.
package struct GitHubRepositoryPath: Hashable, Sendable {
    /// GitHub permits 39 and 100 bytes; Enterprise hosts a little more.
    package static let lengthBytesMax = 256

    package let owner: String
    package let name: String

    /// Nil when a part is empty, too long, `.` or `..` (URL libraries fold those away), or holds a slash or anything
    /// unprintable.
    package init?(owner: String, name: String) {
        guard Self.isWellFormed(owner), Self.isWellFormed(name),
            owner.utf8.count + name.utf8.count < Self.lengthBytesMax
        else { return nil }
        self.owner = owner
        self.name = name
    }

    /// Reads `owner/name`.
    package init?(fullName: String) {
        let parts = fullName.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        self.init(owner: String(parts[0]), name: String(parts[1]))
    }

    package var fullName: String { "\(owner)/\(name)" }

    private static func isWellFormed(_ part: String) -> Bool {
        !part.isEmpty && part != "." && part != ".." && !part.utf8.contains(UInt8(ascii: "/")) && part.isPrintable
    }
}
