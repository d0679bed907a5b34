import StatusModel

// The options that every command takes.
extension Option where Value == String {
    static let socket = Option(
        "socket", "PATH", "The daemon's socket, if not the usual one.",
        expectation: "an absolute path of at most \(SocketPath.lengthBytesMax) bytes"
    ) { SocketPath.complaint(about: $0) == nil ? $0 : nil }

    static let user = Option("user", "NAME", "On whose behalf to ask.", expectation: "a name") {
        $0.isEmpty ? nil : $0
    }
}

extension Option where Value == Role {
    static let role = Option(
        "role", "ROLE", "The role to act in: owner, admin, editor or viewer.",
        expectation: "owner, admin, editor or viewer"
    ) { Role(rawValue: $0) }
}

extension Option where Value == Duration {
    static let timeout = duration("timeout", "How long to wait for an answer (5s).")

    /// An option whose value is a length of time.
    static func duration(_ name: String, _ help: String) -> Option {
        Option(name, "DURATION", help, expectation: "a length of time such as 500ms, 2s or 1m") {
            DurationText.parse($0)
        }
    }
}

extension Flag {
    static let noColor = Flag("no-color", "Use no colours.")
    static let json = Flag("json", "Write JSON for programs.")
}

extension OptionSyntax {
    package static let common = [
        Option.socket.syntax, Option.user.syntax, Option.role.syntax, Option.timeout.syntax, Flag.noColor.syntax,
    ]
}
