import Glibc
import ProviderSimulator
import TestSupport
import Testing

@Suite("The exit codes of telltale-sim", .timeLimit(.minutes(1)))
struct SimulatorProgramTests {
    @Test("help is no failure")
    func help() async {
        #expect(await exitCode(["--help"]) == EX_OK)
    }

    @Test("wrong usage is 64", arguments: [["--porf"], ["--port", "x"], ["--token", "a b"]])
    func usage(arguments: [String]) async {
        #expect(await exitCode(arguments) == EX_USAGE)
    }

    @Test("a port in use is 69")
    func portInUse() async throws {
        let rig = try Rig()
        #expect(await exitCode(["--port", String(rig.server.port)]) == EX_UNAVAILABLE)
        #expect(rig.shop().status == 200)
    }

    @Test("a port file that cannot be written is 73")
    func portFile() async {
        #expect(await exitCode(["--port-file", "/nonexistent/port"]) == EX_CANTCREAT)
    }

    /// On a thread of its own, because the program blocks signals for the thread that it is called on.
    private func exitCode(_ arguments: [String]) async -> Int32 {
        await onItsOwnThread { SimulatorProgram.run(arguments: arguments) }
    }
}
