import StatusModel
import TelltaleClient

/// `telltaled` as a process that serves.
struct RunningDaemon: Sendable {
    let process: ProgramProcess
    let socketPath: String

    /// Starts one and waits until it serves. Its store is a file of the test's own.
    init(config: String, socketPath: String, storePath: String, environment: [String: String] = [:]) async throws {
        self.socketPath = socketPath
        process = try ProgramProcess(
            .telltaled, ["--config", config, "--socket", socketPath, "--store", storePath],
            environment: environment)
        // The line is written once the socket accepts connections.
        try await process.waitForError("msg=serving")
    }

    /// A client with a connection of its own.
    func client(role: Role? = nil) -> TelltaleClient {
        // A refresh of a busy machine takes its time; where a time matters, the test measures it.
        TelltaleClient(
            configuration: .init(socketPath: socketPath, timeout: .seconds(20), role: role, environment: [:]))
    }

    /// Starts the command line against this daemon.
    func launch(_ arguments: String...) throws -> ProgramProcess {
        try ProgramProcess(.telltale, arguments, environment: ["TELLTALE_SOCKET": socketPath])
    }

    /// Runs the command line against this daemon to its end.
    func run(_ arguments: String...) async throws -> ProgramProcess.State {
        try await ProgramProcess(.telltale, arguments, environment: ["TELLTALE_SOCKET": socketPath]).finish()
    }
}
