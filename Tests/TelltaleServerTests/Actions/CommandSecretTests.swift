import StatusCore
import StatusModel
import TelltaleServer
import Testing

@Suite("The secrets of a local command", .timeLimit(.minutes(2)))
struct CommandSecretTests {
    private static let key = "-----BEGIN KEY-----\r\nfirst-line-of-it\r\nsecond-line-of-it\r\n-----END KEY-----\r\n"

    @Test(
        "are not told on with a result, however it is spelled and in how many parts it comes",
        arguments: [
            (#"{"summary":"used s3cret"}"#, "s3cret"), (#"{"summary":"used \u00733cret"}"#, "s3cret"),
            (#"{"a":[{"b":["\u0073\u0033\u0063\u0072\u0065\u0074"]}]}"#, "s3cret"), (#"{"\u00733cret":1}"#, "s3cret"),
            (#"{"n":12345678}"#, "12345678"), (#"{"a":"x\/y"}"#, "x/y"), (#"{"a":"s3cret\u0301"}"#, "s3cret"),
            (#"{"a":"{\"b\":\"\\u00733cret\"}"}"#, "s3cret"),
            (#"{"a":"it was second-line-of-it"}"#, key), (#"{"a":"first-line-of-it\nsecond-line-of-it"}"#, key),
        ])
    func results(json: String, secret: String) async throws {
        let half = json.index(json.startIndex, offsetBy: json.count / 2)
        let result = try await scene(secret).run(
            "printf %s '\(json[..<half])'; sleep 0.02; printf %s '\(json[half...])'", definition: definition)
        #expect(result.json.isEmpty, "\(String(decoding: result.json, as: UTF8.self))")
        for words in [result.words.full, result.words.generic] {
            #expect(words.hasPrefix("/bin/sh has run.") || words == "A local command has run.", "\(words)")
        }
    }

    @Test(
        "are not told on with a failure",
        arguments: [
            ("echo s3cret", "s3cret"), ("printf s3; sleep 0.02; printf cret", "s3cret"),
            (#"printf '%s' '{"e":"\u00733cret"}'"#, "s3cret"), (#"printf 's3\001cret'"#, "s3cret"),
            (#"printf 's3cret\314\201'"#, "s3cret"), ("echo it was second-line-of-it", key),
            (#"printf 'x-----END KEY-----'"#, key),
            // The first bytes of what is written are dropped, and with them half of the secret.
            ("printf s3cret; head -c 8189 /dev/zero | tr '\\0' x", "s3cret"),
        ])
    func failures(script: String, secret: String) async throws {
        let failure = try #require(
            await scene(secret).failure("{ \(script); } >&2; exit 1", definition: definition))
        #expect(failure.message.full == "/bin/sh failed (exit 1).")
    }

    @Test("leave what does not hold them as it is")
    func innocent() async throws {
        let json = #"{"summary":"s3 and cret, first, \u0073"}"#
        #expect(try await scene(Self.key).run("printf %s '\(json)'", definition: definition).json == Array(json.utf8))
        let failure = try await scene("s3cret").failure(
            "{ printf s3cret; head -c 9000 /dev/zero | tr '\\0' x; echo; echo why; } >&2; exit 1",
            definition: definition)
        #expect(failure?.message.full == "/bin/sh failed (exit 1): why")
    }

    private var definition: CommandDefinition {
        var definition = CommandDefinition(path: "/bin/sh")
        definition.secrets = ["TOKEN": .environment(name: "REAL")]
        return definition
    }

    private func scene(_ secret: String) throws -> CommandScene { try CommandScene(secret: secret) }
}
