import Glibc
import TelltaleServer

/// The daemon.
@main
struct Telltaled {
    static func main() async {
        let status = await DaemonProgram.run(
            arguments: Array(CommandLine.arguments.dropFirst()), environment: DaemonProgram.environment)
        exit(status)
    }
}
