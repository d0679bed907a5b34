import Glibc

/// What a daemon is started in: as it comes, or with something around it.
struct Surroundings: Sendable {
    /// Put before the daemon's own command line.
    let prefix: [String]
    let environment: [String: String]

    static let none = Surroundings(prefix: [], environment: [:])

    func command(_ arguments: [String]) -> [String] { prefix + arguments }

    /// Both: `other` outside.
    func within(_ other: Surroundings) -> Surroundings {
        Surroundings(prefix: other.prefix + prefix, environment: other.environment.merging(environment) { $1 })
    }
}

/// Mounts that only one process sees, so that a test needs no right on this host and leaves nothing behind: they are made
/// in a namespace of their own, which ends with the process.
enum PrivateMounts {
    /// What the kernel allows here: a namespace of the user's own, or one that root makes; nil for neither.
    private static let options: [String]? = [["-r", "-m"], ["-m"]].first { options in
        let script = "mount -t tmpfs -o size=64k tmpfs /mnt"
        return spawnAndWait("/usr/bin/unshare", options + ["/bin/sh", "-c", script])
    }

    /// False where this host lets nobody mount anything, such as in a container without rights.
    static var arePossible: Bool { options != nil }

    /// Has a shell run the script before it becomes the daemon.
    static func after(_ script: String) -> Surroundings {
        let shell = ["/bin/sh", "-c", "set -e\n\(script)\nexec \"$0\" \"$@\""]
        return Surroundings(prefix: ["/usr/bin/unshare"] + (options ?? ["-m"]) + shell, environment: [:])
    }

    /// A path as the process sees it.
    static func path(_ path: String, of process: ProgramProcess) -> String { "/proc/\(process.processID)/root\(path)" }

    private static func spawnAndWait(_ path: String, _ arguments: [String]) -> Bool {
        guard let output = try? OutputStream() else { return false }
        defer { [output.readingEnd, output.writingEnd].forEach { close($0) } }
        let processID = try? spawn(
            path: path, arguments, environment: Program.environment, output: output.writingEnd,
            errors: output.writingEnd)
        guard let processID else { return false }
        var status: Int32 = 0
        while waitpid(processID, &status, 0) < 0 && errno == EINTR {}
        return status == 0
    }
}

/// A wall clock that a test steps under a daemon while the monotonic clock goes on: libfaketime, which answers a program's
/// questions for the time in the place of the C library.
struct SteppedWallClock {
    private static let library = ["x86_64", "aarch64"].map {
        "/usr/lib/\($0)-linux-gnu/faketime/libfaketimeMT.so.1"
    }.first { (path: String) in access(path, R_OK) == 0 }

    /// `script/bootstrap --dev` installs it. Under the thread sanitizer, which has clocks and locks in its hands as well, a
    /// program does not come to its `main`.
    static var isUsable: Bool {
        #if THREAD_SANITIZER
            false
        #else
            library != nil
        #endif
    }

    private let directory: TemporaryDirectory
    private let name: String

    /// Begins in step with this host's clock.
    init(in directory: TemporaryDirectory, name: String = "wall-clock") throws {
        (self.directory, self.name) = (directory, name)
        try step(toSeconds: 0)
    }

    var surroundings: Surroundings {
        // The library sets a variable in the first program that loads it, which moves the environment away from where Swift
        // looks for the arguments. So that program is another one, and the daemon inherits the variable.
        Surroundings(
            prefix: ["/usr/bin/env"],
            environment: [
                "LD_PRELOAD": Self.library ?? "", "FAKETIME_TIMESTAMP_FILE": "\(directory.path)/\(name)",
                // The file is read each time that somebody asks for the time.
                "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            ])
    }

    /// Puts the clock so many seconds before or behind this host's.
    func step(toSeconds seconds: Int) throws {
        // In one step, for the daemon may read it at any moment.
        let next = try directory.write("\(seconds < 0 ? "" : "+")\(seconds)\n", to: "\(name).next")
        rename(next, "\(directory.path)/\(name)")
    }
}
