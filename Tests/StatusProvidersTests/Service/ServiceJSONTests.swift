import HTTPClient
import StatusCore
import StatusProviders
import Testing

@Suite("Services: values in a body")
struct ServiceJSONTests {
    /// The document of RFC 6901 §5.
    private static let document = #"""
        {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8}
        """#

    @Test(
        "a pointer leads where the RFC says",
        arguments: [
            ("/foo/0", #""bar""#), ("/", "0"), ("/a~1b", "1"), ("/c%d", "2"), ("/e^f", "3"), ("/g|h", "4"),
            ("/i\\j", "5"), ("/k\"l", "6"), ("/ ", "7"), ("/m~0n", "8"), ("/foo", #"["bar","baz"]"#),
        ])
    func pointers(text: String, expected: String) throws {
        let document = try #require(JSONValue(Array(Self.document.utf8)))
        let pointer = try #require(ServiceJSONPointer(text))
        #expect(pointer.value(in: document) == JSONValue(Array(expected.utf8)))
        #expect(ServiceJSONPointer("")?.value(in: document) == document)
    }

    @Test(
        "a pointer past the document leads nowhere",
        arguments: [
            "/foo/2", "/foo/-", "/foo/00", "/foo/01", "/foo/+1", "/foo/99999999999999999999", "/foo/", "/nope", "/ /x",
        ])
    func nowhere(text: String) throws {
        let document = try #require(JSONValue(Array(Self.document.utf8)))
        #expect(try #require(ServiceJSONPointer(text)).value(in: document) == nil)
    }

    @Test(
        "text that is no pointer is none",
        arguments: [
            "status", "#/status", "/a~", "/a~2", "/~", String(repeating: "/a", count: 33),
            "/" + String(repeating: "a", count: 512),
        ])
    func noPointer(text: String) {
        #expect(ServiceJSONPointer(text) == nil)
    }

    @Test("an escaped tilde before a one is no slash")
    func escapes() { #expect(ServiceJSONPointer("/~01")?.tokens == ["~1"]) }

    @Test(
        "values are equal by what they are",
        arguments: [
            ("3", "3.0", true), ("3", "3e0", true), ("3", "4", false), ("3", #""3""#, false), ("true", "1", false),
            ("false", "0", false), ("null", "0", false), (#""a""#, #""\u0061""#, true), ("[1,2]", "[2,1]", false),
            (#"{"a":1,"b":2}"#, #"{ "b" : 2.0, "a":1}"#, true), (#"{"a":1}"#, #"{"a":1,"b":null}"#, false),
            ("9007199254740993", "9007199254740992", false), ("0.1", "0.10", true),
        ])
    func equality(left: String, right: String, isEqual: Bool) throws {
        let values = try [left, right].map { try #require(JSONValue(Array($0.utf8))) }
        #expect((values[0] == values[1]) == isEqual)
    }

    @Test(
        "what is no JSON is none, however deep",
        arguments: [
            "", "{", "<p>ok</p>", "{\"a\":1}}", String(repeating: "[", count: 60_000),
            String(repeating: "[", count: 65) + String(repeating: "]", count: 65),
        ])
    func noJSON(text: String) { #expect(JSONValue(Array(text.utf8)) == nil) }

    @Test("brackets in a string are no depth")
    func bracketsInStrings() {
        #expect(JSONValue(Array((#"["\""# + String(repeating: "[", count: 100) + #""]"#).utf8)) != nil)
    }

    @Test("a number beyond every bound leaves the rest readable")
    func hugeNumber() throws {
        let document = try #require(JSONValue(Array(#"{"n": 1e999, "status": "ok"}"#.utf8)))
        #expect(ServiceJSONPointer("/status")?.value(in: document) == .string("ok"))
    }

    @Test("a check of mere presence is met by any value, null among them")
    func presence() throws {
        let target = ServiceTarget(
            name: "w", url: "https://w/", bodyChecks: [ServiceTarget.BodyCheck(pointer: "/version")])
        let expectations = try ServiceExpectations(target)
        #expect(expectations.mismatch(in: HTTPResponse(200, text: #"{"version":null}"#)) == nil)
        #expect(expectations.mismatch(in: HTTPResponse(200, text: "{}")) == .body("/version"))
    }

    @Test("an expected header is met by any of its fields, whatever the case of its name")
    func headers() throws {
        let target = ServiceTarget(name: "w", url: "https://w/", expectedHeaders: ["x-role": "primary"])
        let expectations = try ServiceExpectations(target)
        var headers: HTTPHeaders = ["X-Role": "replica"]
        #expect(expectations.mismatch(in: HTTPResponse(200, headers)) == .header("x-role"))
        headers.append(name: "X-ROLE", value: " primary ")
        #expect(expectations.mismatch(in: HTTPResponse(200, headers)) == nil)
    }
}
