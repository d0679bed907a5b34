package import TelltaleClient

/// Runs a test against a daemon, and stops it afterwards.
package func withDaemon(
    _ behaviour: FakeDaemon.Behaviour = FakeDaemon.Behaviour(), _ body: (FakeDaemon) async throws -> Void
) async throws {
    let daemon = try FakeDaemon(behaviour)
    try await daemon.start()
    do {
        try await body(daemon)
    } catch {
        await daemon.stop()
        throw error
    }
    await daemon.stop()
}

extension FakeDaemon {
    /// A client of this daemon.
    package func client(
        timeout: Duration = .seconds(30), clock: ClientClock = .system,
        set: (inout TelltaleClient.Configuration) -> Void = { _ in }
    ) -> TelltaleClient {
        var configuration = TelltaleClient.Configuration(socketPath: socketPath, timeout: timeout, environment: [:])
        set(&configuration)
        return TelltaleClient(configuration: configuration, clock: clock)
    }
}
