import StatusModel

extension AccessPolicy {
    /// Reads `access`: `{ users: { "www-data": "admin" }, groups: { deploy: "editor" } }`, names or numbers.
    init(_ value: ConfigValue?, at path: ConfigPath, accounts: AccountDirectory, mistakes: MistakeCollector) {
        self.init(ownUserID: accounts.ownUserID)
        guard let value,
            let section = ConfigSection(value, at: path, keys: ["users", "groups"], mistakes: mistakes)
        else { return }
        let users = Self.rules("users", kind: "user", in: section, resolve: accounts.user)
        self = Self(
            ownUserID: accounts.ownUserID, users: users,
            groups: Self.rules("groups", kind: "group", in: section, resolve: accounts.group))
    }

    private static func rules(
        _ key: String, kind: String, in section: ConfigSection, resolve: (String) -> UInt32?
    ) -> [UInt32: Role] {
        guard let value = section[key],
            let part = ConfigSection(
                anyKeysOf: value, at: section.path.appending(key), mistakes: section.mistakes)
        else { return [:] }
        var rules: [UInt32: Role] = [:]
        for name in part.names {
            guard let id = resolve(name) else {
                part.refuse(name, "there is no \(kind) \(PrintableText.quoted(name)) on this host")
                continue
            }
            do throws(ConfigComplaint) {
                if rules.updateValue(try RoleText.parse(part[name] ?? .null), forKey: id) != nil {
                    part.refuse(name, "is \(kind) \(id), which another rule here names already")
                }
            } catch {
                part.refuse(name, error.sentence)
            }
        }
        return rules
    }
}
