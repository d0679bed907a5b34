import FoundationEssentials
import Glibc
import TelltaleClient

/// The program `telltale`: reads a command line, runs the command, and says how it ended.
package enum TelltaleProgram {
    /// Runs this process's command line, and ends the process.
    package static func main() async -> Never {
        let exitCode = await run(
            Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment,
            console: StandardConsole(), clock: .system)
        exit(exitCode.rawValue)
    }

    /// Runs a command line.
    ///
    /// - Parameters:
    ///   - arguments: Without the program's own name.
    ///   - environment: The variables of the process.
    ///   - console: Where the command writes.
    ///   - clock: What time it is.
    /// - Returns: how it ended; what went wrong has been told on the console.
    package static func run(
        _ arguments: [String], environment: [String: String], console: any Console, clock: CommandClock
    ) async -> ExitCode {
        do throws(CommandFailure) {
            switch try parse(arguments) {
            case .version: try console.write(Command.programVersion + "\n")
            case .help(let command): try console.write(Command.helpText(of: command))
            case .run(let parsed):
                return try await run(parsed, environment: environment, console: console, clock: clock)
            }
            return .ok
        } catch {
            if !error.message.isEmpty {
                console.writeError("telltale: \(TerminalText.neutralised(error.message))\n")
            }
            return error.exitCode
        }
    }

    private static func parse(_ arguments: [String]) throws(CommandFailure) -> ArgumentParser.Request {
        let parser = ArgumentParser(commands: Command.all.map(\.syntax), globalOptions: OptionSyntax.common)
        do throws(UsageError) {
            return try parser.parse(arguments)
        } catch {
            let help = error.command.map { "telltale \($0) --help" } ?? "telltale --help"
            let end = error.message.hasSuffix("?") ? "" : "."
            throw CommandFailure(.usage, "\(error.message)\(end) See `\(help)`.")
        }
    }

    private static func run(
        _ parsed: ParsedArguments, environment: [String: String], console: any Console, clock: CommandClock
    ) async throws(CommandFailure) -> ExitCode {
        guard let command = Command.all.first(where: { $0.syntax.name == parsed.command }) else { return .software }
        let configuration = TelltaleClient.Configuration(
            socketPath: parsed[.socket], timeout: parsed[.timeout] ?? .seconds(5), user: parsed[.user],
            role: parsed[.role], environment: environment)
        let client = TelltaleClient(configuration: configuration, clock: clock.waiting)
        defer { client.close() }
        let isTerminal = console.terminalSize != nil
        let paint = Paint(
            isTerminal: isTerminal, environment: environment, isRefused: parsed.contains(.noColor))
        return try await command.run(
            CommandContext(
                arguments: parsed, client: client, console: console, paint: paint, clock: clock,
                isLive: isTerminal && environment["TERM"] != "dumb"))
    }
}
