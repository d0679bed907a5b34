import StatusCore
import StatusModel
import TestSupport
import Testing

@Suite("The payload that a key stands for")
struct PayloadSpellingTests {
    @Test(
        "a payload is the same however it is spelled",
        arguments: [
            (#"{"a":1,"b":2}"#, " { \"b\" : 2 ,\n\t\"a\" : 1 } "),
            (#"{"a":{"x":[1,{"y":0,"z":1}]}}"#, #"{"a":{"x":[1,{"z":1,"y":0}]}}"#),
            (#"{"ref":"main/é\n"}"#, #"{"\u0072ef":"ma\u0069n\/\u00E9\u000a"}"#),
            (#"{"a":"😀"}"#, #"{"a":"\uD83D\ude00"}"#), (#"{"a":"\"\\"}"#, #"{"a":"\u0022\u005c"}"#),
            (#"{"a":3}"#, #"{"a":3.0}"#), (#"{"a":3}"#, #"{"a":0.3E+1}"#), (#"{"a":100}"#, #"{"a":1e2}"#),
            (#"{"a":0}"#, #"{"a":-0.00e9}"#), (#"{"a":-1.5}"#, #"{"a":-15e-1}"#), (#"{"a":1e30}"#, #"{"a":10E29}"#),
        ])
    func same(one: String, other: String) throws {
        #expect(try fingerprint(one) == fingerprint(other))
    }

    @Test("what is not the same gives other bytes, to the last digit")
    func others() throws {
        let payloads = [
            "", #"{"a":1}"#, #"{"a":"1"}"#, #"{"a":true}"#, #"{"a":null}"#, #"{"a":[1]}"#, #"{"a":{}}"#, #"{"A":1}"#,
            #"{"a":-1}"#, #"{"a":1,"b":1}"#, #"{"a":[1,2]}"#, #"{"a":[2,1]}"#, #"{"a":10000000000000000001}"#,
            #"{"a":10000000000000000002}"#, #"{"a":0.1}"#, #"{"a":1e-2}"#, #"{"a":"e\u0301"}"#, #"{"a":"\u00e9"}"#,
            #"{"a":"1,\"b\":1"}"#,
        ]
        var seen: Set<[UInt8]> = []
        for payload in payloads { seen.insert(try fingerprint(payload)) }
        #expect(seen.count == payloads.count)
    }

    @Test(
        "a member that stands twice is refused by its name, however that is spelled",
        arguments: [
            (#"{"ref":"main","ref":"main"}"#, "payload.ref"), (#"{"ref":1,"sha":2,"\u0072ef":3}"#, "payload.ref"),
            (#"{"inputs":{"a":1,"a":2}}"#, "payload.inputs.a"), (#"{"a":[{"b":1},{"b":1,"b":1}]}"#, "payload.a.b"),
            // One name to Unicode, and to whoever compares texts by it.
            (#"{"\u00e9":1,"e\u0301":2}"#, "payload"), (#"{"\u202e":1,"\u202e":2}"#, "payload"),
            ("{\"\(String(repeating: "n", count: 200))\":1,\"\(String(repeating: "n", count: 200))\":1}", "payload"),
        ])
    func twice(payload: String, field: String) throws {
        let failure = try #require(refusal(payload))
        #expect(failure.code == .invalidArgument && failure.reason == "PAYLOAD_INVALID" && failure.field == field)
        #expect(failure.message.full.contains("twice"))
        #expect(failure.message.full.utf8.count < 256)
    }

    @Test(
        "what is no JSON object is refused",
        arguments: [
            "[]", "1", "\"a\"", "null", "{", "{}{}", "{}x", #"{"a":1,}"#, #"{,}"#, #"{"a" 1}"#, #"{a:1}"#, #"{"a":}"#,
            #"{"a":01}"#, #"{"a":+1}"#, #"{"a":.5}"#, #"{"a":1.}"#, #"{"a":1e}"#, #"{"a":1e99999999999999999999}"#,
            #"{"a":-9e-9223372036854775808}"#, #"{"a":--1}"#, #"{"a":tru}"#, #"{"a":"\x"}"#, #"{"a":"\u12"}"#,
            #"{"a":"\ud800"}"#, #"{"a":"\ud800\u0041"}"#, #"{"a":"\udc00"}"#, #"{"a":[1,]}"#, #"{"a":[1 2]}"#,
            "{\"a\":\"\t\"}", "{\"a\":\"", "\u{FEFF}{}", "{\"a\":\(String(repeating: "[", count: 60_000))",
            "{\"a\":\"\(String(repeating: "a", count: 64 << 10))\"}",
        ])
    func malformed(payload: String) throws {
        let failure = try #require(refusal(payload))
        #expect(failure.code == .invalidArgument && failure.field == "payload")
        #expect(failure.message.full.contains("must be one JSON object"))
    }

    @Test("a payload is read up to its bounds, and refused beyond them in words that name them")
    func bounds() throws {
        func nested(_ depth: Int) -> String {
            #"{"a":"# + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1) + "}"
        }
        func holding(_ count: Int) -> String {
            #"{"a":["# + Array(repeating: "1", count: count - 1).joined(separator: ",") + "]}"
        }
        #expect(refusal(nested(32)) == nil && refusal(holding(4_096)) == nil)
        for payload in [nested(33), holding(4_097)] {
            let words = try #require(refusal(payload)).message.full
            #expect(words.contains("64 KiB and 4096 values, at most 32 deep"))
        }
    }

    @Test(
        "no bytes trap, and what is taken is taken again in its one spelling", arguments: 1...8 as ClosedRange<UInt64>)
    func random(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let tokens = [
            "{", "}", "[", "]", "\"a\"", "\"", ":", ",", "1", "-", ".", "e", "\\", "u00", "true", " ", "é", "\u{0}",
        ]
        for _ in 0..<4_000 {
            let length = Int.random(in: 0..<24, using: &generator)
            let text = (0..<length).map { _ in tokens.randomElement(using: &generator) ?? "" }.joined()
            let payload = Bool.random(using: &generator) ? text : "{\"a\":" + text + "}"
            guard let once = try? fingerprint(payload) else { continue }
            let again = try? fingerprint(" " + payload + "\n")
            #expect(once == again, "seed \(seed): \(payload)")
        }
    }

    private func refusal(_ payload: String) -> ActionFailure? {
        do throws(ActionFailure) {
            _ = try fingerprint(payload)
            return nil
        } catch {
            return error
        }
    }

    private func fingerprint(_ payload: String) throws(ActionFailure) -> [UInt8] {
        try ActionRequest(
            projectID: ProjectID(known: "shop"), key: .provider(.github), action: "push",
            payload: Array(payload.utf8), idempotencyKey: "k"
        ).fingerprintBytes
    }
}
