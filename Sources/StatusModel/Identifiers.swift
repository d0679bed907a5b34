/// The name of a project, as the configuration spells it.
///
/// 1 to 128 bytes of `A–Z a–z 0–9 . _ : / @ -`, beginning with a letter or a digit; so it is safe in a log line, a file
/// name's part and a terminal.
public struct ProjectID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The longest name accepted, in bytes.
    public static let lengthBytesMax = 128

    /// The name itself.
    public let rawValue: String

    /// Accepts a well-formed name; nil for any other.
    public init?(_ rawValue: String) {
        guard IdentifierRule.isWellFormed(rawValue, lengthBytesMax: Self.lengthBytesMax) else { return nil }
        self.rawValue = rawValue
    }

    /// The name itself.
    public var description: String { rawValue }

    /// Orders by the bytes of the name.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The four providers of SPEC §1, in the order in which every envelope lists them.
public enum ProviderKey: String, CaseIterable, Hashable, Sendable {
    case github, vercel, sanity, supabase

    /// The provider's own spelling of its name.
    public var displayName: String {
        switch self {
        case .github: "GitHub"
        case .vercel: "Vercel"
        case .sanity: "Sanity"
        case .supabase: "Supabase"
        }
    }
}

/// What one status is about: one of the four providers, or a named HTTP worker of the project.
public enum ItemKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    case provider(ProviderKey)
    case service(String)

    /// The key as it is written on the wire and on the command line: `github`, or `service:worker`.
    public var description: String {
        switch self {
        case .provider(let key): key.rawValue
        case .service(let name): "service:\(name)"
        }
    }

    /// Reads what ``description`` writes; nil when it is neither a provider nor a well-formed service name.
    public init?(_ text: String) {
        if let provider = ProviderKey(rawValue: text) {
            self = .provider(provider)
        } else if text.hasPrefix("service:"),
            IdentifierRule.isWellFormed(String(text.dropFirst(8)), lengthBytesMax: 128)
        {
            self = .service(String(text.dropFirst(8)))
        } else {
            return nil
        }
    }

    /// Providers first in their fixed order, then services by name.
    public static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.provider(let a), .provider(let b)): a.order < b.order
        case (.provider, .service): true
        case (.service, .provider): false
        case (.service(let a), .service(let b)): a < b
        }
    }
}

/// On whose behalf a call is made, the mightiest first (SPEC §7).
public enum Role: String, CaseIterable, Hashable, Sendable, Comparable {
    case owner, admin, editor, viewer

    /// `viewer < editor < admin < owner`, so that a ceiling is `min(asserted, ceiling)`.
    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .editor: 1
        case .admin: 2
        case .owner: 3
        }
    }
}

extension ProviderKey {
    fileprivate var order: Int {
        switch self {
        case .github: 0
        case .vercel: 1
        case .sanity: 2
        case .supabase: 3
        }
    }
}

/// The one rule for names that people choose.
private enum IdentifierRule {
    static func isWellFormed(_ text: String, lengthBytesMax: Int) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, bytes.count <= lengthBytesMax, isAlphanumeric(first) else { return false }
        return bytes.allSatisfy { isAlphanumeric($0) || punctuation.contains($0) }
    }

    private static let punctuation = Set("._:/@-".utf8)

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
