import Glibc

/// Users and groups of this host by name.
package struct AccountDirectory: Sendable {
    /// The user that the daemon runs as.
    package var ownUserID: UInt32
    private let userNamed: @Sendable (String) -> UInt32?
    private let groupNamed: @Sendable (String) -> UInt32?

    package init(
        ownUserID: UInt32, userNamed: @escaping @Sendable (String) -> UInt32?,
        groupNamed: @escaping @Sendable (String) -> UInt32?
    ) {
        self.ownUserID = ownUserID
        self.userNamed = userNamed
        self.groupNamed = groupNamed
    }

    /// The id of a user given by name or number; nil when there is no such user.
    package func user(_ text: String) -> UInt32? { Self.number(text) ?? userNamed(text) }

    /// The id of a group given by name or number; nil when there is no such group.
    package func group(_ text: String) -> UInt32? { Self.number(text) ?? groupNamed(text) }

    /// All ones means "no id" to the kernel (chown(2)).
    private static func number(_ text: String) -> UInt32? { UInt32(text).flatMap { $0 == .max ? nil : $0 } }
}

extension AccountDirectory {
    /// The host's own, by the name services it is set up with. A lookup may block, so it happens while a configuration
    /// is loaded and at no other time.
    package static var system: Self {
        Self(ownUserID: geteuid(), userNamed: systemUser, groupNamed: systemGroup)
    }

    /// A group with very many members needs a long buffer; beyond this it counts as unknown.
    private static let bufferBytesMax = 1 << 20

    private static func systemUser(_ name: String) -> UInt32? {
        lookUp { buffer, size in
            var entry = passwd()
            var found: UnsafeMutablePointer<passwd>?
            let code = getpwnam_r(name, &entry, buffer, size, &found)
            return (code, found == nil ? nil : entry.pw_uid)
        }
    }

    private static func systemGroup(_ name: String) -> UInt32? {
        lookUp { buffer, size in
            var entry = Glibc.group()
            var found: UnsafeMutablePointer<Glibc.group>?
            let code = getgrnam_r(name, &entry, buffer, size, &found)
            return (code, found == nil ? nil : entry.gr_gid)
        }
    }

    /// Asks again with more room for as long as the answer did not fit (getpwnam_r(3)).
    private static func lookUp(
        _ ask: (UnsafeMutablePointer<CChar>, Int) -> (code: Int32, id: UInt32?)
    ) -> UInt32? {
        var size = 4 << 10
        while size <= bufferBytesMax {
            let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: size)
            defer { buffer.deallocate() }
            let answer = ask(buffer, size)
            if answer.code != ERANGE { return answer.id }
            size *= 4
        }
        return nil
    }
}
