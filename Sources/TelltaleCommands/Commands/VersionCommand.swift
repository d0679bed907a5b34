import StatusModel
import TelltaleClient

extension Command {
    package static let version = Command(
        CommandSyntax(
            name: "version", summary: "Shows the version of this program and of the daemon",
            discussion: """
                Also how many connections the daemon has refused since it started, and why: the user may not use it, or there
                were as many connections as it takes, in all or of one user. Its log names each.

                telltale --version shows that of this program alone, and asks nobody.

                JSON: an object {telltale, telltaled}; of the daemon version, socket_path (for owner and admin), started_at,
                projects, and refused_connections with the numbers not_allowed, too_many, too_many_of_user.
                """,
            options: [Flag.json.syntax],
            examples: [CommandSyntax.Example("telltale version", "Both versions, and since when the daemon runs.")]),
        run: { context throws(CommandFailure) in
            // What is known without the daemon is shown without it.
            if !context.wantsJSON { try context.write([Self.programVersion]) }
            let info = try await context.asking { client throws(TelltaleError) in try await client.serverInfo() }
            if context.wantsJSON {
                try context.write(.version(of: info))
                return .ok
            }
            let version = TerminalText.neutralised(info.version)
            let place = info.socketPath.isEmpty ? "" : " at \(TerminalText.neutralised(info.socketPath))"
            try context.write(["telltaled \(version)\(place), up for \(AgeText.words(for: info.uptime))"])
            let refused = info.refusedConnections.filter { $0.count > 0 }.map(\.words)
            if !refused.isEmpty { try context.write(["refused connections: \(refused.joined(separator: ", "))"]) }
            return .ok
        })

    static let programVersion = "telltale \(TelltaleVersion.current)"
}

extension RefusedConnections {
    fileprivate var words: String {
        switch reason {
        case "not_allowed": "\(count) of users who may not use it"
        case "too_many": "\(count) beyond those that it takes"
        case "too_many_of_user": "\(count) beyond those that one user may have"
        default: "\(count) \(TerminalText.neutralised(reason))"
        }
    }
}
