package import StatusCore
import StatusModel
package import StatusProviders

/// One entry of the section `oauth`: a grant whose access token the daemon renews by itself.
package struct OAuthEntry: Hashable, Sendable {
    /// What `oauth:NAME` refers to.
    package var name: String
    package var client: OAuthClient
    /// Nil for a public client.
    package var clientSecret: CredentialReference?
    /// Where the tokens are kept: an absolute path.
    package var tokenFile: String

    package init(name: String, client: OAuthClient, clientSecret: CredentialReference?, tokenFile: String) {
        self.name = name
        self.client = client
        self.clientSecret = clientSecret
        self.tokenFile = tokenFile
    }
}

/// Reads `oauth`: `{ NAME: { tokenURL: "https://…", clientID: "…", clientSecret: "file:/…", clientAuth: "basic",
/// tokenFile: "/…" } }`.
enum OAuthSection {
    static let keys = ["tokenURL", "clientID", "clientSecret", "clientAuth", "tokenFile"]
    /// How many entries one file may hold.
    static let entriesMax = 1_000
    /// The longest client id, in bytes.
    static let clientIDBytesMax = 255

    /// Every name that stands there, also those of mistaken entries.
    static func names(_ value: ConfigValue) -> [String] {
        if case .object(let members) = value { members.keys.sorted() } else { [] }
    }

    /// The entries by name. What is mistaken is recorded and left out.
    static func read(_ value: ConfigValue?, at path: ConfigPath, mistakes: MistakeCollector) -> [OAuthEntry] {
        guard let value, let section = ConfigSection(anyKeysOf: value, at: path, mistakes: mistakes) else { return [] }
        guard section.names.count <= entriesMax else {
            mistakes.add("\(section.names.count) entries are more than the \(entriesMax) of one daemon", at: path)
            return []
        }
        var names: [String: String] = [:]
        return section.names.compactMap { name in
            guard CredentialText.parse("oauth:\(name)") != nil else {
                section.refuse(name, "is no name: 1 to 255 printable bytes without a slash")
                return nil
            }
            guard let value = section[name],
                let part = ConfigSection(value, at: path.appending(name), keys: keys, mistakes: mistakes),
                let entry = entry(name, part)
            else { return nil }
            // Each would take the other's tokens for a new login.
            if let other = names.updateValue(name, forKey: entry.tokenFile) {
                part.refuse("tokenFile", "is the file of \(PrintableText.quoted(other)) already; give each its own")
            }
            return entry
        }
    }

    private static func entry(_ name: String, _ section: ConfigSection) -> OAuthEntry? {
        let secret = clientSecret(section)
        let url = tokenURL(section)
        let id = clientID(section)
        let file = tokenFile(section)
        let authentication = authentication(section)
        guard let url, let id, let file else { return nil }
        return OAuthEntry(
            name: name, client: OAuthClient(tokenURL: url, clientID: id, authentication: authentication),
            clientSecret: secret, tokenFile: file)
    }

    /// The member as text; its absence is a mistake.
    private static func required(_ key: String, _ example: String, _ section: ConfigSection) -> String? {
        guard section[key] != nil else {
            section.mistakes.add("\(key) is missing: write \(key): \"\(example)\"", at: section.path)
            return nil
        }
        return section.string(key)
    }

    private static func tokenURL(_ section: ConfigSection) -> String? {
        guard let text = required("tokenURL", "https://api.supabase.com/v1/oauth/token", section) else { return nil }
        do throws(ConfigComplaint) {
            // The address itself is kept: at an endpoint a final slash can matter.
            _ = try APIBase.parse(text)
            return text
        } catch {
            section.refuse("tokenURL", error.sentence)
            return nil
        }
    }

    private static func clientID(_ section: ConfigSection) -> String? {
        guard let text = required("clientID", "the application's id", section) else { return nil }
        guard (1...clientIDBytesMax).contains(text.utf8.count), text.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else {
            section.refuse("clientID", "is no client id: 1 to \(clientIDBytesMax) printable ASCII characters")
            return nil
        }
        return text
    }

    private static func tokenFile(_ section: ConfigSection) -> String? {
        guard let path = required("tokenFile", "/var/lib/telltale/NAME.json", section) else { return nil }
        guard case .file(let path)? = CredentialText.parse("file:\(path)") else {
            section.refuse("tokenFile", "expected the absolute path of a file")
            return nil
        }
        return path
    }

    private static func clientSecret(_ section: ConfigSection) -> CredentialReference? {
        guard let text = section.string("clientSecret") else { return nil }
        if case .oauth? = CredentialText.parse(text) {
            section.refuse("clientSecret", "is the client's own secret and cannot be renewed by oauth:")
            return nil
        }
        return CredentialText.read("clientSecret", in: section)
    }

    /// Basic unless told, which every endpoint must take (RFC 6749 §2.3.1); a public client has nothing for it.
    private static func authentication(_ section: ConfigSection) -> OAuthClient.Authentication {
        let isPublic = section["clientSecret"] == nil
        guard let word = section.string("clientAuth") else { return isPublic ? .body : .basic }
        let known = OAuthClient.Authentication.allCases.map(\.rawValue)
        guard let choice = OAuthClient.Authentication(rawValue: word) else {
            let question = Suggestion.question(about: word, among: known)
            section.refuse("clientAuth", "expected one of \(known.joined(separator: ", "))\(question)")
            return .basic
        }
        if choice == .basic, isPublic { section.refuse("clientAuth", "basic needs a clientSecret") }
        return choice
    }
}
