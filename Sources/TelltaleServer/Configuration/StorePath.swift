/// Where the daemon keeps what survives it: one rule, of which clients need to know nothing.
package enum StorePath {
    /// The file of the daemon that runs as a system service.
    package static let systemPath = "/var/lib/telltale/telltale.db"

    /// The longest path accepted, in bytes: PATH_MAX, with room for the names of what stands beside the file.
    package static let lengthBytesMax = 4_000

    private static let fileName = "telltale.db"
    private static let rootUserID: UInt32 = 0

    /// The first that is given of: the command line's option, the configuration, `$STATE_DIRECTORY/telltale.db`
    /// (systemd's, in the unit); then ``systemPath`` for root, and for anybody else
    /// `$XDG_STATE_HOME/telltale/telltale.db`, `$HOME/.local/state/telltale/telltale.db` and, without a home,
    /// ``systemPath``.
    ///
    /// An empty value counts as absent, and so does a directory that is not absolute (XDG Base Directory specification).
    package static func resolve(
        option: String? = nil, configured: String? = nil, environment: [String: String], userID: UInt32
    ) -> String {
        for given in [option, configured] {
            if let given, !given.isEmpty { return given }
        }
        // systemd separates several state directories by colons (systemd.exec(5)); the first is ours.
        let state = environment["STATE_DIRECTORY"]?.split(separator: ":").first.map(String.init)
        if let state, state.hasPrefix("/") { return join(state, fileName) }
        guard userID != rootUserID else { return systemPath }
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            return join(state, "telltale/\(fileName)")
        }
        if let home = environment["HOME"], home.hasPrefix("/") {
            return join(home, ".local/state/telltale/\(fileName)")
        }
        return systemPath
    }

    /// What is wrong with a path, in one sentence; nil when a file can stand there as far as its text tells.
    package static func complaint(about path: String) -> String? {
        if !path.hasPrefix("/") { return "the store's path must be absolute, such as \(systemPath)" }
        if path.hasSuffix("/") { return "the store's path must name a file, such as \(systemPath)" }
        if path.utf8.contains(0) { return "the store's path holds a NUL character" }
        return path.utf8.count > lengthBytesMax
            ? "the store's path is longer than \(lengthBytesMax) bytes; choose a shorter directory" : nil
    }

    private static func join(_ directory: String, _ name: String) -> String {
        directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
    }
}
