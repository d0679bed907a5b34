import CTelltaleProtos
import ProtobufMessages
import StatusModel
import StatusWire
import Testing

@Suite("A report of a run")
struct RunReportTests {
    private typealias Request = Telltale__V1__ReportRunRequest
    private typealias Result = Telltale__V1__RunResult

    private let arena = MessageArena()

    /// The bytes of a good report with one result, changed by hand to what no value of ours would give.
    private func bytes(
        _ change: (inout Request) -> Void = { _ in }, results: Int = 1,
        result changeResult: (inout Result) -> Void = { _ in }
    ) -> [UInt8] {
        arena.scoped {
            let message = arena.make(telltale__v1__report_run_request__init)
            message.pointee.project_id = arena.text("shop")
            message.pointee.kind = arena.text("diagnostics")
            message.pointee.n_results = results
            message.pointee.results = arena.list(0..<results) { _ in
                let result = arena.make(telltale__v1__run_result__init)
                result.pointee.name = arena.text("check")
                changeResult(&result.pointee)
                return result
            }
            change(&message.pointee)
            return MessageArena.pack(message)
        }
    }

    private func refusal(_ bytes: [UInt8]) -> WireError? {
        do {
            _ = try RunReport(decoding: bytes, in: arena)
            return nil
        } catch { return error }
    }

    private func text(_ count: Int) -> UnsafeMutablePointer<CChar> { arena.text(String(repeating: "x", count: count)) }

    @Test("may leave out everything but the project and the kind")
    func defaults() throws {
        let report = try RunReport(decoding: bytes(results: 0), in: arena)
        #expect(try report == RunReport(projectID: #require(ProjectID("shop")), kind: .diagnostics))
    }

    @Test(
        "is of one of two kinds",
        arguments: [("diagnostics", nil), ("smoke_tests", nil), ("", "kind"), ("x", "kind")] as [(String, String?)])
    func kinds(_ kind: String, _ field: String?) {
        #expect(refusal(bytes { $0.kind = arena.text(kind) })?.field == field)
    }

    @Test("has at most 256 results", arguments: [(256, nil), (257, "results")] as [(Int, String?)])
    func resultsBound(_ count: Int, _ field: String?) {
        #expect(refusal(bytes(results: count))?.field == field)
    }

    @Test(
        "has an id of at most 128 printable characters",
        arguments: [
            ("", nil), (String(repeating: "~", count: 128), nil), (String(repeating: "~", count: 129), "run_id"),
            ("a\nb", "run_id"), ("a\u{7F}", "run_id"), ("ü", "run_id"),
        ] as [(String, String?)])
    func ids(_ id: String, _ field: String?) {
        #expect(refusal(bytes { $0.run_id = arena.text(id) })?.field == field)
    }

    @Test("has names and messages within their bounds", arguments: [(0, 0), (1, 0), (256, 1024), (257, 0), (1, 1025)])
    func textBounds(_ name: Int, _ message: Int) {
        let error = refusal(
            bytes(result: { result in
                result.name = text(name)
                result.message = text(message)
            }))
        let isRight = 1...256 ~= name && message <= 1024
        #expect(error?.field == (isRight ? nil : message > 1024 ? "results[0].message" : "results[0].name"))
    }

    @Test(
        "has latencies from nothing to a day",
        arguments: [
            (0, 0, nil), (86_400, 0, nil), (86_400, 1, "results[0].latency"), (0, -1, "results[0].latency"),
            (.max, 0, "results[0].latency.seconds"), (1, 1_000_000_000, "results[0].latency.nanos"),
        ] as [(Int64, Int32, String?)])
    func latencies(_ seconds: Int64, _ nanos: Int32, _ field: String?) {
        let error = refusal(
            bytes(result: { result in
                let latency = arena.make(google__protobuf__duration__init)
                latency.pointee.seconds = seconds
                latency.pointee.nanos = nanos
                result.latency = latency
            }))
        #expect(error?.field == field)
    }

    @Test(
        "names items by well-formed keys",
        arguments: [("", nil), ("github", nil), ("gitlab", "results[0].key")] as [(String, String?)])
    func keys(_ key: String, _ field: String?) {
        #expect(refusal(bytes(result: { $0.key = arena.text(key) }))?.field == field)
    }

    @Test("whose end is no time, or whose text is no UTF-8, is refused by its field")
    func malformed() {
        let time = bytes { request in
            let end = arena.make(google__protobuf__timestamp__init)
            end.pointee.nanos = -1
            request.ended_at = end
        }
        #expect(refusal(time)?.field == "ended_at.nanos")
        let name = bytes(result: { result in
            let text = arena.text("name")
            text[0] = CChar(bitPattern: 0xFF)
            result.name = text
        })
        #expect(refusal(name)?.field == "results[0].name")
    }
}
