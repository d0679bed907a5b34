import StatusModel

/// The socket that the daemon makes (SPEC §8). None of it applies to one that systemd hands over.
package struct SocketConfiguration: Hashable, Sendable {
    /// As the file says; nil leaves it to ``SocketPath``.
    package var path: String?
    /// The group of the socket and its directory; nil leaves them to the daemon's own.
    package var groupID: UInt32?
    package var mode: UInt32 = 0o660
    /// Of the directory, where the daemon has to make it.
    package var directoryMode: UInt32 = 0o750

    package init() {}

    /// Reads the section; its defaults when it is absent.
    init(_ value: ConfigValue?, at path: ConfigPath, accounts: AccountDirectory, mistakes: MistakeCollector) {
        let keys = ["path", "group", "mode", "directoryMode"]
        guard let value, let section = ConfigSection(value, at: path, keys: keys, mistakes: mistakes) else { return }
        if let path = section.string("path") {
            if let complaint = SocketPath.complaint(about: path) { section.refuse("path", complaint) }
            self.path = path
        }
        groupID = section["group"].flatMap { Self.group($0, in: section, accounts) }
        mode = Self.mode("mode", in: section) ?? mode
        directoryMode = Self.mode("directoryMode", in: section) ?? directoryMode
    }

    private static func group(_ value: ConfigValue, in section: ConfigSection, _ accounts: AccountDirectory) -> UInt32?
    {
        let name: String? =
            switch value {
            case .string(let name): name
            case .number: value.integer.map { String($0) }
            default: nil
            }
        guard let name else {
            section.refuse("group", "expected a group's name or number, found \(value.kind)")
            return nil
        }
        guard let id = accounts.group(name) else {
            section.refuse("group", "there is no group \(PrintableText.quoted(name)) on this host")
            return nil
        }
        return id
    }

    private static func mode(_ key: String, in section: ConfigSection) -> UInt32? {
        guard let value = section[key] else { return nil }
        guard case .string(let text) = value, text.hasPrefix("0"), let mode = UInt32(text, radix: 8), mode <= 0o777
        else {
            section.refuse(key, "write the mode as octal digits in a string, such as \"0660\"")
            return nil
        }
        guard mode & 0o600 == 0o600 else {
            section.refuse(key, "the daemon itself must be able to read and write (0600)")
            return nil
        }
        return mode
    }
}
