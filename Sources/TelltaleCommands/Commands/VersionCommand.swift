import StatusModel
import TelltaleClient

extension Command {
    package static let version = Command(
        CommandSyntax(
            name: "version", summary: "Shows the version of this program and of the daemon",
            discussion: "telltale --version shows that of this program alone, and asks nobody.",
            examples: [CommandSyntax.Example("telltale version", "Both versions, and since when the daemon runs.")]),
        run: { context throws(CommandFailure) in
            try context.write([Self.programVersion])
            let info = try await context.asking { client throws(TelltaleError) in try await client.serverInfo() }
            let version = TerminalText.neutralised(info.version)
            let path = TerminalText.neutralised(info.socketPath)
            try context.write(["telltaled \(version) at \(path), up for \(AgeText.words(for: info.uptime))"])
            return .ok
        })

    static let programVersion = "telltale \(TelltaleVersion.current)"
}
