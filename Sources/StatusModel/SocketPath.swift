/// Where the daemon listens and where its clients look for it: one rule for both.
public enum SocketPath {
    /// The longest path that a Unix socket address holds, in bytes: `sun_path` less its final NUL (unix(7)).
    public static let lengthBytesMax = 107

    /// The path of the daemon that runs as a system service.
    public static let systemPath = "/run/telltale/telltale.sock"

    /// The first that is given of: the command line's option, `TELLTALE_SOCKET`, the configuration,
    /// `$RUNTIME_DIRECTORY/telltale.sock` (systemd's, in the unit), `$XDG_RUNTIME_DIR/telltale/telltale.sock` (a user's
    /// own daemon), ``systemPath``.
    ///
    /// An empty value counts as absent, and so does a runtime directory that is not absolute (XDG Base Directory
    /// specification).
    public static func resolve(
        option: String? = nil, configured: String? = nil, environment: [String: String]
    ) -> String {
        for given in [option, environment["TELLTALE_SOCKET"], configured] {
            if let given, !given.isEmpty { return given }
        }
        // systemd separates several runtime directories by colons (systemd.exec(5)); the first is ours.
        let runtime = environment["RUNTIME_DIRECTORY"]?.split(separator: ":").first.map(String.init)
        if let runtime, runtime.hasPrefix("/") { return join(runtime, "telltale.sock") }
        if let user = environment["XDG_RUNTIME_DIR"], user.hasPrefix("/") {
            return join(user, "telltale/telltale.sock")
        }
        return systemPath
    }

    /// Where a client looks, in order: what is given explicitly is the only candidate; otherwise the person's own daemon
    /// comes before the system's.
    public static func candidates(option: String? = nil, environment: [String: String]) -> [String] {
        let first = resolve(option: option, environment: environment)
        let isGiven = [option, environment["TELLTALE_SOCKET"]].contains { !($0 ?? "").isEmpty }
        return isGiven || first == systemPath ? [first] : [first, systemPath]
    }

    /// What is wrong with a path, in one sentence; nil when a socket can be bound there as far as its text tells.
    public static func complaint(about path: String) -> String? {
        let count = path.utf8.count
        if !path.hasPrefix("/") { return "the socket path must be absolute, such as \(systemPath)" }
        if path.hasSuffix("/") { return "the socket path must name a file, such as \(systemPath)" }
        if path.utf8.contains(0) { return "the socket path holds a NUL character" }
        guard count > lengthBytesMax else { return nil }
        return "the socket path is \(count) bytes long, and a Unix socket address holds at most \(lengthBytesMax); "
            + "choose a shorter directory"
    }

    private static func join(_ directory: String, _ name: String) -> String {
        directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
    }
}
