import CLinux
import Glibc

/// A child and what it has started, as long as it may still run. Whoever lets go of it kills all of it, so that no failure
/// leaves a process or a zombie behind.
struct ChildProcess: ~Copyable {
    /// Also the group of all that it starts and that makes no group of its own.
    let id: Int32

    /// Starts the program on the other ends of the pipes.
    init(starting command: ChildCommand, input: ChildPipe, output: ChildPipe, errors: ChildPipe) throws(SystemError) {
        let arguments = CStringList([command.path] + command.arguments)
        let environment = CStringList(command.environment.map { "\($0.key)=\($0.value)" })
        let (argumentList, variables) = (arguments.pointers, environment.pointers)
        let streams = [input.theirs.descriptor, output.theirs.descriptor, errors.theirs.descriptor]
        let process = try SystemCalls.checked("posix_spawn") {
            telltale_spawn(command.path, argumentList.baseAddress, variables.baseAddress, streams)
        }
        id = Int32(process)
        for pipe in [input, output, errors] { pipe.theirs.close() }
    }

    /// Signals it and its group. The group is its own as long as it has not been reaped.
    func signal(_ signal: Int32) { _ = kill(-id, signal) }

    /// Kills what is left of its group, and takes the child's own ending.
    consuming func end() -> ChildOutcome.Ending {
        let ending = Self.reap(id)
        discard self
        return ending
    }

    deinit { _ = Self.reap(id) }

    /// Killed before it is reaped: until then no other group can have its number.
    private static func reap(_ id: Int32) -> ChildOutcome.Ending {
        _ = kill(-id, SIGKILL)
        var code: Int32 = 0
        return telltale_reap(id, &code) == 1 ? .signalled(code) : .exited(code: code)
    }
}
