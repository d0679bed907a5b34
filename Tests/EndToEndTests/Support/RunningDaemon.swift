import Glibc
import StatusModel
import TelltaleClient

/// `telltaled` as a process that serves.
struct RunningDaemon: Sendable {
    let process: ProgramProcess
    let socketPath: String

    /// Starts one and waits until it serves. Its store is a file of the test's own.
    init(config: String, socketPath: String, storePath: String, environment: [String: String] = [:]) async throws {
        try self.init(launching: config, socketPath: socketPath, storePath: storePath, environment: environment)
        try await waitUntilServing()
    }

    /// Starts one, whether it comes to serve or not. `surroundings` are what starts it in its turn.
    init(
        launching config: String, socketPath: String, storePath: String, environment: [String: String] = [:],
        surroundings: Surroundings = .none
    ) throws {
        self.socketPath = socketPath
        let command = surroundings.command(
            [Program.telltaled.path, "--config", config, "--socket", socketPath, "--store", storePath])
        process = try ProgramProcess(
            path: command[0], Array(command.dropFirst()),
            environment: surroundings.environment.merging(environment) { $1 })
    }

    /// The line is written once the socket accepts connections.
    func waitUntilServing() async throws { try await process.waitForError("msg=serving") }

    /// As a loss of power does it, but for what the disk's own cache holds.
    func crash() async throws {
        process.send(SIGKILL)
        try await process.finish()
    }

    /// Tells it to stop, and gives how it ended.
    @discardableResult
    func stop() async throws -> ProgramProcess.Ending? {
        process.send(SIGTERM)
        return try await process.finish().ending
    }

    /// A client with a connection of its own.
    func client(role: Role? = nil, user: String? = nil) -> TelltaleClient {
        // A refresh of a busy machine takes its time; where a time matters, the test measures it.
        TelltaleClient(
            configuration: .init(
                socketPath: socketPath, timeout: .seconds(20), user: user, role: role, environment: [:]))
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
