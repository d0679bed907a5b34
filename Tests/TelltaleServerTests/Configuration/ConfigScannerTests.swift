import FoundationEssentials
import TelltaleServer
import TestSupport
import Testing

@Suite("The scanner of configuration files")
struct ConfigScannerTests {
    private func map(_ text: String) throws -> ConfigSourceMap { try ConfigScanner.scan(Array(text.utf8)) }

    private func path(_ keys: String...) -> ConfigPath { ConfigPath(steps: keys.map { .key($0) }) }

    @Test("each value is found on the line of its key")
    func lines() throws {
        let map = try map("// one\n{\n a: 1, /* \n */ 'b c': {\r\n\"d\": [\n1,\n2],\n},\n}")
        #expect(map.line(of: ConfigPath()) == 2)
        #expect(map.line(of: path("a")) == 3)
        #expect(map.line(of: path("b c")) == 4)
        #expect(map.line(of: path("b c", "d")) == 5)
        #expect(map.line(of: path("b c", "d").appending(1)) == 7)
    }

    @Test("what is missing is on the line of what should hold it")
    func missing() throws {
        let map = try map("{\na: {\n}}")
        #expect(map.line(of: path("a", "x", "y")) == 2)
        #expect(map.line(of: path("z")) == 1)
    }

    static let broken: [(String, line: Int, column: Int, says: String)] = [
        ("", 1, 1, "the file is empty"),
        ("  // nothing\n", 2, 1, "the file is empty"),
        ("[]", 1, 1, "must hold one object"),
        ("{\n a 1}", 2, 4, "a colon must follow"),
        ("{\n a: 1\n b: 2}", 3, 2, "a comma or } must come here"),
        ("{a: [1 2]}", 1, 8, "a comma or ] must come here"),
        ("{a: }", 1, 5, "a value must come here"),
        ("{a: 1", 1, 6, "the file ends before its closing }"),
        ("{,}", 1, 2, "a key must come here"),
        ("{a-b: 1}", 1, 3, "a colon must follow"),
        ("{a: yes}", 1, 5, "\"yes\" is no value"),
        ("{a: 01}", 1, 5, "\"01\" is no value"),
        ("{a: 15s}", 1, 5, "\"15s\" is no value"),
        ("{a: 1e999}", 1, 5, "\"1e999\" is no value"),
        ("{a: 'x\n'}", 1, 5, "the string never ends"),
        ("{a: 'x", 1, 5, "the string never ends"),
        ("{a: 'x\\", 1, 5, "the string never ends"),
        ("{a: '\t'}", 1, 6, "a control character"),
        ("{\na: '\\q'}", 2, 4, "an escape that is none"),
        ("{} {}", 1, 4, "nothing may follow"),
        ("{} /* x", 1, 4, "the comment never ends"),
        ("{} / x", 1, 4, "a comment begins with"),
        ("{\n\u{a0}a: 1}", 2, 1, "a key must come here"),
    ]

    @Test("a broken file is told with line and column", arguments: broken)
    func syntaxErrors(text: String, line: Int, column: Int, says: String) throws {
        let error = try #require(throws: ConfigSyntaxError.self) { try map(text) }
        #expect(error.line == line && error.column == column, "\(error)")
        #expect(error.message.contains(says), "\(error)")
    }

    @Test(
        "bytes that are no UTF-8 text are refused on their line",
        arguments: [
            [0x7B, 0x0A, 0xFF, 0x7D], [0x7B, 0x0A, 0xC3, 0x7D], [0x7B, 0x0A, 0x00, 0x7D],
            [0x7B, 0x0A, 0xED, 0xA0, 0x80],
        ])
    func notText(bytes: [UInt8]) throws {
        let error = try #require(throws: ConfigSyntaxError.self) { try ConfigScanner.scan(bytes) }
        #expect(error.line == 2)
        #expect(error.message.contains("not UTF-8"))
    }

    @Test("nesting is accepted to its bound and refused past it, however deep")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            "{a: " + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1) + "}"
        }
        _ = try map(nested(ConfigScanner.depthMax))
        for depth in [ConfigScanner.depthMax + 1, 200_000] {
            let error = try #require(throws: ConfigSyntaxError.self) { try map(nested(depth)) }
            #expect(error.message.contains("nest deeper than 32"))
        }
        #expect(complaints(nested(200_000)).count == 1)
    }

    @Test("the number of values is bounded")
    func values() throws {
        let four = Array("{a: [1, 2]}".utf8)
        _ = try ConfigScanner.scan(four, valuesMax: 4)
        let error = try #require(throws: ConfigSyntaxError.self) { try ConfigScanner.scan(four, valuesMax: 3) }
        #expect(error.message == "the file holds more than 3 values")
    }

    @Test("a file cut off at any byte is refused, and nothing worse")
    func truncated() {
        let bytes = Array(fullConfiguration.utf8)
        #expect(throws: Never.self) { try ConfigScanner.scan(bytes) }
        for length in 0..<bytes.count {
            #expect(throws: ConfigSyntaxError.self, "\(length)") { try ConfigScanner.scan(Array(bytes[..<length])) }
        }
    }

    @Test(
        "a mutated file never traps, and what the scanner reads is what the decoder reads",
        arguments: 1...4 as ClosedRange<UInt64>)
    func mutated(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let original = Array(fullConfiguration.utf8)
        for round in 0..<500 {
            let bytes = mutate(original, using: &random)
            guard let read = try? ConfigScanner.read(bytes) else { continue }
            let decoded = try ConfigValue(json5: Data(bytes))
            #expect(isSame(read.value, decoded), "seed \(seed), round \(round)")
            do throws(ConfigurationError) {
                _ = try Configuration.parse(bytes, file: "t", accounts: knownAccounts)
            } catch {
                #expect(!error.mistakes.isEmpty)
            }
        }
    }

    /// One to four edits: a byte replaced, removed or doubled, or a piece moved.
    private func mutate(_ original: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
        let spice = Array("{}[]:,'\"\\/*\n\r\t .+-0x19eEaNu\u{FEFF}é".utf8) + [0, 0x7F, 0x80, 0xFF]
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[place] = spice.randomElement(using: &random) ?? 0
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(spice.randomElement(using: &random) ?? 0, at: place)
            default:
                let end = min(bytes.count, place + Int.random(in: 1...40, using: &random))
                let piece = Array(bytes[place..<end])
                bytes.insert(contentsOf: piece, at: Int.random(in: 0...bytes.count, using: &random))
            }
        }
        return bytes
    }

    @Test(
        "small files of random tokens: what the scanner reads is what the decoder reads",
        arguments: 1...4 as ClosedRange<UInt64>)
    func randomTokens(seed: UInt64) throws {
        let tokens = [
            "{", "}", "[", "]", ":", ",", "a", "b", "$", "'x'", "\"y\"", "1", "-", "+", ".", "5.", ".5", "0x", "0x1F",
            "1e5", "NaN", "Infinity", "null", "true", "false", "//", "\n", "\r", "/*", "*/", "\\", "\\u0041", "'", "\"",
            " ", "\t", "\u{B}", "é", "\u{2028}", "\\n", "e", "0", "\u{FF11}", "\u{663}", "\u{301}", "9007199254740993",
            "\\\n", "\\\r\n", "\\x41",
        ]
        var random = SeededGenerator(seed: seed)
        for round in 0..<3_000 {
            let inner = (0..<Int.random(in: 1...6, using: &random)).compactMap { _ in
                tokens.randomElement(using: &random)
            }
            let text = "{a:" + inner.joined() + (Bool.random(using: &random) ? "}" : "")
            guard let read = try? ConfigScanner.read(Array(text.utf8)) else { continue }
            let decoded = try ConfigValue(json5: Data(text.utf8))
            #expect(isSame(read.value, decoded), "seed \(seed), round \(round): \(text.debugDescription)")
        }
    }

    /// Equal, and a number that is none is equal to itself.
    private func isSame(_ first: ConfigValue, _ second: ConfigValue) -> Bool {
        switch (first, second) {
        case (.number(let first), .number(let second)): first == second || first.isNaN && second.isNaN
        case (.array(let first), .array(let second)): first.elementsEqual(second, by: isSame)
        case (.object(let first), .object(let second)):
            first.keys == second.keys
                && first.allSatisfy { key, value in second[key].map { isSame(value, $0) } ?? false }
        default: first == second
        }
    }

    @Test("what a file says is read whether or not its lines are asked for, and duplicates are told")
    func reading() throws {
        let text = "{a: 'x', b: [1, -2.5, {c: null}], d: true, a: 'y'}"
        let read = try ConfigScanner.read(Array(text.utf8))
        #expect(read.hasDuplicates)
        #expect(
            read.value
                == .object([
                    "a": .string("x"), "b": .array([.number(1), .number(-2.5), .object(["c": .null])]),
                    "d": .boolean(true),
                ]))
        #expect(try !ConfigScanner.read(Array("{a: {x: 1}, b: {x: 1}}".utf8)).hasDuplicates)
    }
}
