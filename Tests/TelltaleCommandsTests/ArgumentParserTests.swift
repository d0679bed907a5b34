import StatusModel
import TelltaleCommands
import Testing

@Suite("The command line")
struct ArgumentParserTests {
    private static let loud = Flag("loud", "Louder.")
    private static let wait = Option<Duration>("max-wait", "DURATION", "Wait.", expectation: "a length of time") {
        DurationText.parse($0)
    }
    private static let socket = Option<String>("socket", "PATH", "Where.", expectation: "a path") { $0 }

    private let parser = ArgumentParser(
        commands: [
            CommandSyntax(
                name: "status", operands: "[PROJECT…]", operandCount: 0...2, summary: "",
                options: [loud.syntax, wait.syntax], examples: []),
            CommandSyntax(name: "cache", summary: "", examples: []),
        ], globalOptions: [socket.syntax])

    private func run(_ line: String) throws -> ParsedArguments {
        guard case .run(let parsed) = try parser.parse(line.split(separator: " ").map(String.init)) else {
            throw UsageError("not a command")
        }
        return parsed
    }

    @Test(
        "options and operands stand in any order, before or behind the command",
        arguments: [
            "status shop blog --max-wait 2s --loud --socket /s", "--socket /s status --loud --max-wait=2s shop blog",
            "status --socket=/s shop --max-wait 9s --max-wait 2s blog --loud",
            "status --loud --max-wait 2s --socket /s -- shop blog",
        ])
    func order(_ line: String) throws {
        let parsed = try run(line)
        #expect(parsed.command == "status")
        #expect(parsed.operands == ["shop", "blog"])
        #expect(parsed.contains(Self.loud))
        #expect(parsed[Self.wait] == .seconds(2))
        #expect(parsed[Self.socket] == "/s")
    }

    @Test("an option that is given more than once has all its values, in their order")
    func repeated() throws {
        let parsed = try run("status --max-wait 9s shop --max-wait=2s")
        #expect(parsed.all(Self.wait) == [.seconds(9), .seconds(2)])
        #expect(parsed.all(Self.socket) == [])
    }

    @Test("what was not given is not there")
    func absent() throws {
        let parsed = try run("status")
        #expect(parsed.operands.isEmpty)
        #expect(!parsed.contains(Self.loud))
        #expect(parsed[Self.wait] == nil)
    }

    @Test("behind -- everything is an operand, and a lone dash always is")
    func operandsWithDashes() throws {
        let behind = try run("status -- --loud")
        #expect(behind.operands == ["--loud"])
        let dash = try run("status -")
        #expect(dash.operands == ["-"])
    }

    @Test("an option may have an empty value, and a value with an equals sign")
    func values() throws {
        let parsed = try run("status --socket=a=b")
        #expect(parsed[Self.socket] == "a=b")
        let empty = try run("status --socket=")
        #expect(empty[Self.socket] == "")
    }

    @Test(
        "help and version are asked for in any place",
        arguments: [
            (["--help"], ArgumentParser.Request.help(nil)), (["-h"], .help(nil)),
            (["status", "--help"], .help("status")),
            (["status", "shop", "-h"], .help("status")), (["--version"], .version), (["cache", "--version"], .version),
        ] as [([String], ArgumentParser.Request)])
    func help(_ arguments: [String], _ expected: ArgumentParser.Request) throws {
        let request = try parser.parse(arguments)
        #expect(request == expected)
    }

    @Test(
        "what is wrong is told, with the name that was meant",
        arguments: [
            ("", "a command is missing"),
            ("stauts", "there is no command \"stauts\"; did you mean \"status\"?"),
            ("bake", "there is no command \"bake\""),
            ("status --luod", "there is no option --luod; did you mean --loud?"),
            ("status -x", "there is no option -x"),
            ("cache --loud", "there is no option --loud"),
            ("--loud status", "--loud is an option of status and stands behind it"),
            ("status --loud=yes", "--loud takes no value"),
            ("status --max-wait", "--max-wait needs a value: --max-wait DURATION"),
            ("status --max-wait soon", "--max-wait must be a length of time, not \"soon\""),
            ("status a b c", "status takes [PROJECT…]"),
            ("cache a", "cache takes no operands"),
        ])
    func mistakes(_ line: String, _ message: String) {
        let error = #expect(throws: UsageError.self) { try run(line) }
        #expect(error?.message == message)
    }

    @Test("every command has a summary, an example, and options with distinct names")
    func commands() {
        for command in Command.all.map(\.syntax) {
            #expect(!command.summary.isEmpty && !command.summary.hasSuffix("."), "\(command.name)")
            #expect(!command.examples.isEmpty, "\(command.name)")
            let names = (command.options + OptionSyntax.common).map(\.name)
            #expect(Set(names).count == names.count, "\(command.name)")
            for example in command.examples { #expect(example.line.hasPrefix("telltale "), "\(command.name)") }
        }
    }
}
