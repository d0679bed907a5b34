import TelltaleServer
import Testing

@Suite("The command line of telltaled")
struct DaemonOptionsTests {
    @Test(
        "options are read in both forms, the last of each counts",
        arguments: [
            ([], nil, nil, .serve), (["--config", "a"], "a", nil, .serve), (["--config=a=b"], "a=b", nil, .serve),
            (["--socket", "s", "--config=c"], "c", "s", .serve), (["--socket=a", "--socket=b"], nil, "b", .serve),
            (["--check-config", "--config", "c"], "c", nil, .checkConfig), (["--version"], nil, nil, .version),
            (["--help"], nil, nil, .help), (["-h"], nil, nil, .help),
            (["--config", "--socket"], "--socket", nil, .serve),
        ] as [([String], String?, String?, DaemonOptions.Task)])
    func accepted(arguments: [String], config: String?, socket: String?, task: DaemonOptions.Task) throws {
        let options = try DaemonOptions(arguments)
        #expect(options.config == config)
        #expect(options.socket == socket)
        #expect(options.task == task)
    }

    @Test("the store's file is read in both forms", arguments: [["--store", "s.db"], ["--store=a", "--store=s.db"]])
    func store(arguments: [String]) throws {
        #expect(try DaemonOptions(arguments).store == "s.db")
        #expect(try DaemonOptions([]).store == nil)
    }

    @Test(
        "what is wrong is named, with where to read on",
        arguments: [
            (["--config"], "--config needs a path"), (["--config="], "--config needs a path"),
            (["--socket", ""], "--socket needs a path"), (["--store"], "--store needs a path"),
            (["--port", "1"], "--port"), (["serve"], "serve"),
            (["-c"], "-c"), (["--config", "a", "b"], "b"),
        ] as [([String], String)])
    func refused(arguments: [String], part: String) {
        let error = #expect(throws: DaemonOptions.UsageError.self) { try DaemonOptions(arguments) }
        #expect(error?.message.contains(part) == true)
        #expect(error?.message.hasSuffix("see telltaled --help") == true)
    }

    @Test("an argument that would disturb the terminal is quoted without its control characters")
    func hostile() {
        let error = #expect(throws: DaemonOptions.UsageError.self) { try DaemonOptions(["\u{1B}[2J\n"]) }
        #expect(error?.message.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
    }

    @Test("the help names each option and fits a terminal of 120 columns")
    func help() {
        for option in ["--config", "--socket", "--store", "--check-config", "--version", "--help"] {
            #expect(DaemonOptions.help.contains("  \(option)"))
        }
        #expect(DaemonOptions.help.split(separator: "\n").allSatisfy { $0.count <= 120 })
    }
}
