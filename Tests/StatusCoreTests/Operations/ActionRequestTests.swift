import StatusCore
import StatusModel
import TestSupport
import Testing

@Suite("A wish to have an action run")
struct ActionRequestTests {
    @Test("where, what and with which parameters make two requests the same; key and dry run do not")
    func fingerprint() throws {
        let request = make()
        var same = request
        (same.idempotencyKey, same.isDryRun) = ("other", true)
        #expect(try same.fingerprintBytes == request.fingerprintBytes)
        var others: [ActionRequest] = []
        for change in [
            { $0.projectID = ProjectID(known: "blog") }, { $0.key = .provider(.vercel) }, { $0.action = "pull" },
            { $0.payload = Array(#"{"a":1}"#.utf8) }, { $0.payload = Array(#"{"a":2}"#.utf8) },
            // Parts that run together differently.
            {
                $0.key = .service("a")
                $0.action = "bc"
            },
            {
                $0.key = .service("ab")
                $0.action = "c"
            },
        ] as [(inout ActionRequest) -> Void] {
            var other = request
            change(&other)
            others.append(other)
        }
        var seen: Set<[UInt8]> = []
        for request in others + [request] { seen.insert(try request.fingerprintBytes) }
        #expect(seen.count == others.count + 1)
    }

    @Test("a payload that says nothing is none", arguments: ["", "{}", " { } \n"])
    func empty(payload: String) throws {
        var request = make()
        request.payload = Array(payload.utf8)
        #expect(try request.fingerprintBytes == make().fingerprintBytes)
    }

    @Test(
        "only a UUID is a key, in whatever case",
        arguments: [
            ("123E4567-e89b-12d3-A456-426614174000", "123e4567-e89b-12d3-a456-426614174000"),
            ("123e4567-e89b-12d3-a456-42661417400", nil), ("123e4567-e89b-12d3-a456-4266141740000", nil),
            ("123e4567e89b12d3a456426614174000", nil), ("123e4567-e89b-12d3-a456-42661417400g", nil),
            ("1-3e4567-e89b-12d3-a456-426614174000", nil), ("", nil),
            // As long in characters, and not in bytes.
            ("é23e4567-e89b-12d3-a456-426614174000", nil),
        ] as [(String, String?)])
    func key(text: String, expected: String?) {
        var request = make()
        request.idempotencyKey = text
        #expect(request.normalisedKey == expected)
    }

    private func make() -> ActionRequest {
        ActionRequest(projectID: ProjectID(known: "shop"), key: .provider(.github), action: "push", idempotencyKey: "k")
    }
}
