import TelltaleServer

/// The daemon.
@main
struct Telltaled {
    static func main() { DaemonProgram.main() }
}
