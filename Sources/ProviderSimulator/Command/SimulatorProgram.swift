import Glibc

/// `telltale-sim` from its arguments to its exit code.
package enum SimulatorProgram {
    /// Serves until SIGTERM or SIGINT. Call it on the main thread before any other thread starts: the signals are
    /// blocked here, for all threads to come, and waited for.
    ///
    /// - Returns: The exit code, of sysexits.h where it is not 0.
    package static func run(arguments: [String]) -> Int32 {
        do {
            switch try SimulatorCommand.parse(arguments) {
            case .help:
                write(SimulatorCommand.usage, to: STDOUT_FILENO)
                return EX_OK
            case .serve(let options):
                return try serve(options)
            }
        } catch let error as SimulatorCommand.UsageError {
            return complain(error.message, EX_USAGE)
        } catch let error as ControlError {
            return complain(error.message, EX_USAGE)
        } catch let error as SimulatorServer.StartError {
            return complain(error.description, EX_UNAVAILABLE)
        } catch let error as PortFile.WriteError {
            return complain(error.message, EX_CANTCREAT)
        } catch {
            return complain("\(error)", EX_SOFTWARE)
        }
    }

    private static func serve(_ options: SimulatorCommand.Options) throws -> Int32 {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        // Whoever read the lines may go away; that is no reason to end.
        Glibc.signal(SIGPIPE, SIG_IGN)

        let simulator = Simulator()
        try simulator.loadExample()
        for repository in options.repositories { try simulator.github.setRepository(repository) }
        for token in options.tokens { try simulator.github.setToken(token) }
        if let latency = options.latency { try simulator.inject(Fault(.latency(latency))) }

        let log: @Sendable (String) -> Void = { write($0 + "\n", to: STDERR_FILENO) }
        let server = try SimulatorServer(simulator: simulator, port: options.port, log: options.isQuiet ? nil : log)
        defer { server.stop() }
        let portFile = try options.portFile.map { try PortFile(path: $0, port: server.port) }
        write("listening on \(server.url)\n", to: STDOUT_FILENO)

        var signal: Int32 = 0
        while sigwait(&signals, &signal) != 0 {}
        portFile?.remove()
        return EX_OK
    }

    private static func complain(_ message: String, _ code: Int32) -> Int32 {
        write("telltale-sim: \(message)\n", to: STDERR_FILENO)
        return code
    }

    /// Writes text at once, so that a line is never torn nor held back.
    private static func write(_ text: String, to descriptor: Int32) {
        // A terminal or a pipe that has gone is nothing this program could tell anybody about.
        _ = writeAll(Array(text.utf8), to: descriptor)
    }
}

/// Writes every byte; false when the system refuses, with the reason in `errno`.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
        let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if written > 0 {
            rest = rest.dropFirst(written)
        } else if written == 0 || errno != EINTR {
            return false
        }
    }
    return true
}
