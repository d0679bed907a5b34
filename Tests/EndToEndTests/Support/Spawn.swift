import Glibc
import LinuxSystem

/// Where a program writes and a test reads: a pair of sockets, for pipe(2) cannot close its ends on exec in one step, and
/// a program started meanwhile would keep them open.
struct OutputStream {
    let readingEnd: Int32
    let writingEnd: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw SystemError(function: "socketpair", errno: errno) }
        (readingEnd, writingEnd) = (ends[0], ends[1])
    }
}

/// Starts a program that writes to the two descriptors and reads nothing, with no signal blocked or ignored.
func spawn(
    path: String, _ arguments: [String], environment: [String: String], output: Int32, errors: Int32
) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    let texts = [path] + arguments
    var argumentPointers = texts.map { strdup($0) } + [nil]
    var environmentPointers = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for pointer in argumentPointers + environmentPointers { free(pointer) } }
    var processID: pid_t = 0
    let error = posix_spawn(&processID, path, &actions, &attributes, &argumentPointers, &environmentPointers)
    guard error == 0 else { throw SystemError(function: "posix_spawn \(path)", errno: error) }
    return processID
}
