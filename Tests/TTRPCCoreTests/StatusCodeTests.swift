import TTRPCCore
import Testing

@Suite("A status code")
struct StatusCodeTests {
    @Test("has the number and the name of google.rpc.Code")
    func names() {
        let names = [
            "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
            "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
            "UNIMPLEMENTED",
            "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
        ]
        #expect(names.indices.map { StatusCode(rawValue: Int32($0))?.name } == names)
        #expect(StatusCode.allCases.count == names.count)
    }

    @Test("is not made of a number that the list does not have", arguments: [-1, 17, .max] as [Int32])
    func unknown(_ code: Int32) { #expect(StatusCode(rawValue: code) == nil) }
}
