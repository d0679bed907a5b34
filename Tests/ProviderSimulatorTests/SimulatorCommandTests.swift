import ProviderSimulator
import Testing

@Suite("The command line of telltale-sim")
struct SimulatorCommandTests {
    @Test("nothing asked for is a free port, and a line per request")
    func defaults() throws {
        #expect(try SimulatorCommand.parse([]) == .serve(SimulatorCommand.Options()))
    }

    @Test("every option is read, with its value behind it or behind an equals sign")
    func options() throws {
        var wanted = SimulatorCommand.Options()
        wanted.port = 8099
        wanted.portFile = "/tmp/port"
        wanted.repositories = ["acme/app", "acme/site"]
        wanted.tokens = ["t"]
        wanted.latency = .milliseconds(50)
        wanted.isQuiet = true
        let read = try SimulatorCommand.parse([
            "--port", "8099", "--port-file=/tmp/port", "--repo", "acme/app", "--repo=acme/site", "--token", "t",
            "--latency", "50ms", "--quiet",
        ])
        #expect(read == .serve(wanted))
    }

    @Test("help is given whatever else is asked", arguments: [["--help"], ["--port", "1", "-h"]])
    func help(arguments: [String]) throws {
        #expect(try SimulatorCommand.parse(arguments) == .help)
    }

    @Test("the help names every option and has no line wider than a terminal")
    func helpText() {
        for option in ["--port", "--port-file", "--repo", "--token", "--latency", "--quiet", "--help"] {
            #expect(SimulatorCommand.usage.contains("\n  \(option) "))
        }
        #expect(SimulatorCommand.usage.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test(
        "a wrong command line is told what to write",
        arguments: [
            (["--porf", "1"], "unknown option '--porf'"), (["x"], "unknown option 'x'"), (["--port"], "needs a value"),
            (["--port", "70000"], "from 0 to 65535"), (["--port", "-1"], "from 0 to 65535"),
            (["--repo", "acme"], "OWNER/NAME"), (["--latency", "50"], "50ms or 2s"),
            (["--latency", "601s"], "at most 600s"), (["--latency", "99999999999999999999s"], "at most 600s"),
            (["--quiet=yes"], "takes no value"), ([""], "unknown option"), (["--token", ""], "needs a value"),
        ])
    func wrong(arguments: [String], sentence: String) {
        let error = #expect(throws: SimulatorCommand.UsageError.self) { try SimulatorCommand.parse(arguments) }
        #expect(error?.message.contains(sentence) == true)
    }
}
