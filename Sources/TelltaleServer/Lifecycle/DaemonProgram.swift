import Glibc
import LinuxSystem
import StatusCore
import StatusModel

/// `telltaled`: from its arguments to its exit status (sysexits.h).
package enum DaemonProgram {
    static let SIGTERM = Glibc.SIGTERM
    static let SIGINT = Glibc.SIGINT
    static let SIGHUP = Glibc.SIGHUP

    /// Runs the program to its end.
    ///
    /// The signals are blocked before any other thread exists, so that every thread inherits it and none is killed by
    /// one; they are read from a descriptor. The main thread then only waits: all work is done by others.
    package static func main() -> Never {
        ResidentMemory.spare()
        DescriptorLimit.raise()
        ProcessSignals.ignoreBrokenPipes()
        let signals = Result { () throws(SystemError) in
            try ProcessSignals.descriptor(for: [SIGTERM, SIGINT, SIGHUP]).relinquish()
        }
        // The process is the owner of this task, and ends with it.
        Task {
            let arguments = Array(CommandLine.arguments.dropFirst())
            exit(await run(arguments: arguments, environment: ProcessEnvironment.current, signals: signals))
        }
        while true { pause() }
    }

    /// From the arguments to the exit status: 0 after a drain, 64 for a wrong command line, 71 when the system refuses
    /// something, 73 when the socket cannot be made, 75 when another daemon serves it or uses the store, 78 for a wrong
    /// configuration or the store of a newer daemon.
    private static func run(
        arguments: [String], environment: [String: String], signals: Result<Int32, SystemError>
    ) async -> Int32 {
        do throws(DaemonOptions.UsageError) {
            let options = try DaemonOptions(arguments)
            switch options.task {
            case .help: return say(DaemonOptions.help, 0)
            case .version: return say("telltaled \(TelltaleVersion.current) (\(build))\n", 0)
            case .checkConfig: return checkConfig(options, environment)
            case .serve: return await serve(options, environment, signals)
            }
        } catch {
            return complain(error.message, EX_USAGE)
        }
    }

    /// How the program was built; a benchmark refuses anything but a release build.
    private static var build: String {
        #if DEBUG
            "debug"
        #else
            "release"
        #endif
    }

    private static func checkConfig(_ options: DaemonOptions, _ environment: [String: String]) -> Int32 {
        switch load(options, environment) {
        case .failure(let error): return complain(error)
        case .success(let configuration):
            let count = configuration.projects.count
            return say("The configuration is sound: \(count) \(count == 1 ? "project" : "projects").\n", 0)
        }
    }

    private static func load(
        _ options: DaemonOptions, _ environment: [String: String]
    ) -> Result<Configuration, ConfigurationError> {
        let location = ConfigurationLocation.resolve(option: options.config, environment: environment)
        if !location.isExplicit, access(location.path, F_OK) != 0 { return .success(.default) }
        return Result { () throws(ConfigurationError) in try Configuration.load(path: location.path) }
    }

    private static func serve(
        _ options: DaemonOptions, _ environment: [String: String], _ signals: Result<Int32, SystemError>
    ) async -> Int32 {
        let configuration: Configuration
        switch load(options, environment) {
        case .failure(let error): return complain(error)
        case .success(let loaded): configuration = loaded
        }
        let path = SocketPath.resolve(
            option: options.socket, configured: configuration.socket.path, environment: environment)
        let sink = StreamLogSink(configuration.log) { SystemTime.wall }
        defer { _ = sink.close() }
        let manager = ServiceManager(environment: environment)
        let listener: UnixListener
        do throws(UnixListenerError) {
            // Before the store, so that of two daemons the second hears of the first and not of its file.
            listener = try makeListener(manager, path, configuration.socket)
        } catch {
            return refuse(error, path)
        }
        let (logger, time) = (Logger(sink: sink) { SystemTime.wall }, SystemTime())
        do throws(StoreError) {
            let daemon = Daemon(
                configuration: configuration, load: { load(options, environment) },
                store: try await openStore(options, configuration.store, environment, logger, time), logger: logger,
                audit: AuditLog(logger, time: time), manager: manager, environment: environment, time: time)
            return await run(daemon, on: listener, path, signals)
        } catch {
            return complain(error.message, exitStatus(refusedBy: error))
        }
    }

    private static func run(
        _ daemon: Daemon, on listener: UnixListener, _ path: String, _ signals: Result<Int32, SystemError>
    ) async -> Int32 {
        do throws(SystemError) {
            try await daemon.run(listener, socketPath: path, signals: signals.get())
            return 0
        } catch {
            return complain("the system refused something that the daemon needs: \(error)", EX_OSERR)
        }
    }

    /// The socket that a service manager passed in, or one of our own.
    private static func makeListener(
        _ manager: ServiceManager, _ path: String, _ socket: SocketConfiguration
    ) throws(UnixListenerError) -> UnixListener {
        if let inherited = try manager.inheritedListener() { return inherited }
        return try UnixListener(path: path, mode: socket.mode, group: socket.groupID)
    }

    private static func refuse(_ error: UnixListenerError, _ path: String) -> Int32 {
        switch error {
        case .inUse:
            complain("another daemon serves \(path); stop it, or give this one another --socket", EX_TEMPFAIL)
        case .notASocket:
            complain("\(path) exists and is no socket; move it away, or choose another --socket", EX_CANTCREAT)
        case .system(let error):
            complain("cannot make the socket \(path): \(error)", EX_CANTCREAT)
        }
    }

    private static func say(_ text: String, _ status: Int32) -> Int32 {
        StandardStream.output.write(text)
        return status
    }

    /// Each mistake on a line that an editor can jump to, so without the program's name before it.
    private static func complain(_ error: ConfigurationError) -> Int32 {
        StandardStream.error.write("\(error.description)\n")
        return EX_CONFIG
    }

    private static func complain(_ message: String, _ status: Int32) -> Int32 {
        StandardStream.error.write("telltaled: \(message)\n")
        return status
    }
}
