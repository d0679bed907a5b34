import Glibc
import LinuxSystem
import Testing

@Suite("A listening socket", .timeLimit(.minutes(1)))
struct UnixListenerTests {
    private let directory = TemporaryDirectory()

    private func failure(_ body: () throws -> Void) -> UnixListenerError? {
        do { try body() } catch { return error as? UnixListenerError }
        return nil
    }

    @Test("is made with the permissions that were asked for", arguments: [0o660, 0o600, 0o666] as [mode_t])
    func mode(_ mode: mode_t) throws {
        let listener = try UnixListener(path: directory["socket"], mode: mode)
        #expect(FileStatus(listener.path)?.kind == S_IFSOCK)
        #expect(FileStatus(listener.path)?.permissions == mode)
    }

    @Test("belongs to the group that was asked for")
    func group() throws {
        let path = directory["socket"]
        let listener = try UnixListener(path: path, group: getgid())
        var status = stat()
        #expect(lstat(listener.path, &status) == 0)
        #expect(status.st_gid == getgid())
    }

    @Test("makes the directories above it, closed to others, and leaves those that are there")
    func parents() throws {
        let path = directory["a/b/socket"]
        let listener = try UnixListener(path: path)
        for parent in ["a", "a/b"] {
            let status = try #require(FileStatus(directory[parent]))
            #expect(status.kind == S_IFDIR)
            #expect(status.permissions & 0o027 == 0)
        }
        chmod(directory["a"], 0o711)
        let second = try UnixListener(path: directory["a/second"])
        #expect(FileStatus(directory["a"])?.permissions == 0o711)
        #expect(listener.path != second.path)
    }

    @Test("accepts who connects, and says when nobody does")
    func accept() throws {
        let listener = try UnixListener(path: directory["socket"])
        #expect(try listener.acceptHeld() == nil)
        let client = try HeldDescriptor(connectingTo: listener.path)
        let accepted = try #require(try listener.acceptHeld())
        let flags = fcntl(accepted.rawValue, F_GETFL)
        #expect(flags & O_NONBLOCK != 0)
        #expect(fcntl(accepted.rawValue, F_GETFD) & FD_CLOEXEC != 0)
        #expect(!client.peerHasHungUp)
    }

    @Test("is gone with its owner, and another may come")
    func deinitialisation() throws {
        let path = directory["socket"]
        for _ in 0..<3 {
            let listener = try UnixListener(path: path)
            #expect(FileStatus(listener.path) != nil)
        }
        #expect(FileStatus(path) == nil)
        #expect(throws: SystemError(function: "connect", errno: ENOENT)) { _ = try HeldDescriptor(connectingTo: path) }
    }

    @Test("is never taken from a daemon that lives")
    func inUse() throws {
        let path = directory["socket"]
        let first = try UnixListener(path: path)
        let before = FileStatus(path)
        #expect(failure { _ = try UnixListener(path: path) } == .inUse(path: path))
        #expect(FileStatus(path) == before)
        let client = try HeldDescriptor(connectingTo: path)
        let accepted = try #require(try first.acceptHeld())
        #expect(!client.peerHasHungUp && !accepted.peerHasHungUp)
    }

    @Test("is never taken from a daemon whose lock file somebody removed")
    func lockRemoved() throws {
        let path = directory["socket"]
        let first = try UnixListener(path: path)
        unlink(path + ".lock")
        #expect(failure { _ = try UnixListener(path: path) } == .inUse(path: path))
        #expect(FileStatus(first.path)?.kind == S_IFSOCK)
    }

    @Test("is never taken from a daemon whose backlog is full")
    func backlogFull() throws {
        let path = directory["socket"]
        let descriptor = try boundSocket(path)
        listen(descriptor.rawValue, 0)
        var clients: [HeldDescriptor] = []
        while let client = try? HeldDescriptor(connectingTo: path) { clients.append(client) }
        #expect(!clients.isEmpty)
        #expect(failure { _ = try UnixListener(path: path) } == .inUse(path: path))
    }

    /// A socket file as a daemon leaves it that was killed, when the descriptor is closed.
    private func boundSocket(_ path: String) throws -> HeldDescriptor { try .bound(to: path, type: SOCK_STREAM) }

    @Test("takes over the file of a daemon that was killed")
    func stale() throws {
        let path = directory["socket"]
        do { _ = try boundSocket(path) }
        let before = try #require(FileStatus(path))
        let listener = try UnixListener(path: path)
        #expect(FileStatus(listener.path)?.permissions == 0o660)
        #expect(FileStatus(listener.path) != before)
        let client = try HeldDescriptor(connectingTo: path)
        let accepted = try #require(try listener.acceptHeld())
        #expect(!client.peerHasHungUp && !accepted.peerHasHungUp)
    }

    @Test("does not replace what is no socket")
    func notASocket() throws {
        let path = directory["file"]
        Glibc.close(open(path, O_CREAT | O_WRONLY, 0o644))
        let before = FileStatus(path)
        #expect(failure { _ = try UnixListener(path: path) } == .notASocket(path: path))
        #expect(FileStatus(path) == before)
        mkdir(directory["directory"], 0o755)
        #expect(
            failure { _ = try UnixListener(path: directory["directory"]) } == .notASocket(path: directory["directory"]))
    }

    @Test("does not follow a link, to a socket or to the lock")
    func symbolicLink() throws {
        let listener = try UnixListener(path: directory["target"])
        symlink(listener.path, directory["link"])
        #expect(failure { _ = try UnixListener(path: directory["link"]) } == .notASocket(path: directory["link"]))
        #expect(FileStatus(directory["link"])?.kind == S_IFLNK)

        symlink(directory["elsewhere"], directory["locked.lock"])
        let error = UnixListenerError.system(SystemError(function: "open", errno: ELOOP))
        #expect(failure { _ = try UnixListener(path: directory["locked"]) } == error)
        #expect(FileStatus(directory["elsewhere"]) == nil)
    }

    @Test("refuses a path that a socket cannot have", arguments: [0, 108, 500])
    func pathLength(_ byteCount: Int) {
        let path = String(repeating: "x", count: byteCount)
        let error = SystemError(function: "bind", errno: ENAMETOOLONG)
        #expect(failure { _ = try UnixListener(path: path) } == .system(error))
        #expect(throws: SystemError(function: "connect", errno: ENAMETOOLONG)) {
            _ = try HeldDescriptor(connectingTo: path)
        }
    }

    @Test("takes the longest path that a socket can have")
    func longestPath() throws {
        let path = directory[String(repeating: "x", count: UnixSocket.pathBytesMax - directory.path.utf8.count - 1)]
        let listener = try UnixListener(path: path)
        let client = try HeldDescriptor(connectingTo: path)
        let accepted = try #require(try listener.acceptHeld())
        #expect(!client.peerHasHungUp && !accepted.peerHasHungUp)
    }

    @Test("refuses a path with a zero in it, which would name another file")
    func zeroInPath() {
        let path = directory["a\0b"]
        #expect(failure { _ = try UnixListener(path: path) } != nil)
        #expect(FileStatus(directory["a"]) == nil)
    }

    @Test("does not remove a file that took the place of its own")
    func replaced() throws {
        let path = directory["socket"]
        do {
            let listener = try UnixListener(path: path)
            unlink(listener.path)
            Glibc.close(open(path, O_CREAT | O_WRONLY, 0o644))
        }
        #expect(FileStatus(path)?.kind == S_IFREG)
    }

    @Test("has one owner, however many start at once")
    func race() async {
        let path = directory["socket"]
        for round in 0..<5 {
            let outcomes = await withTaskGroup { group in
                for _ in 0..<100 {
                    group.addTask {
                        await TestThread.run { () -> Result<UnixListener, UnixListenerError> in
                            do throws(UnixListenerError) { return .success(try UnixListener(path: path)) } catch {
                                return .failure(error)
                            }
                        }
                    }
                }
                // All that were made live until the last has tried.
                return await group.reduce(into: [Result<UnixListener, UnixListenerError>]()) { $0.append($1) }
            }
            var owners = 0
            for outcome in outcomes {
                switch outcome {
                case .success: owners += 1
                case .failure(let error): #expect(error == .inUse(path: path))
                }
            }
            #expect(owners == 1, "round \(round)")
            // In every other round the file is left as by a daemon that was killed.
            if round % 2 == 0 { _ = try? boundSocket(path) }
        }
    }

    @Test("leaves nothing behind when any one system call of its start fails")
    func faults() async {
        await #expect(processExitsWith: .success) {
            let directory = TemporaryDirectory()
            let path = directory["a/socket"]
            var call = 0
            let isNameless = { (target: String) in target.hasPrefix("anon_inode:") }
            while true {
                let before = openDescriptorCount(excluding: isNameless)
                let wasReached = FaultPlan.failing(call: call, errno: EIO) {
                    do {
                        let listener = try UnixListener(path: path, group: getgid())
                        precondition(listener.path == path)
                    } catch {
                        precondition(error as? UnixListenerError != nil)
                    }
                }.reached
                precondition(openDescriptorCount(excluding: isNameless) == before, "call \(call) leaked a descriptor")
                precondition(FileStatus(path) == nil, "call \(call) left the file")
                // Nothing holds the lock: the next start succeeds.
                do { _ = try UnixListener(path: path) }
                if !wasReached { break }
                call += 1
            }
            precondition(call >= 7, "only \(call) calls were made to fail")
        }
    }

    @Test("goes on when a system call of its start was interrupted")
    func interruptions() throws {
        for call in 0..<8 {
            let path = directory["interrupted-\(call)"]
            let listener = try FaultPlan.failing(call: call, errno: EINTR) { try UnixListener(path: path) }
            #expect(listener.output.path == path)
        }
    }
}
