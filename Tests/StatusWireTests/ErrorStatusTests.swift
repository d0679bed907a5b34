import CTelltaleProtos
import ProtobufMessages
import StatusWire
import Testing

@Suite("An error on the wire")
struct ErrorStatusTests {
    private let arena = MessageArena()

    /// An error with one detail of any kind.
    private func encoded(detail typeURL: String, _ value: [UInt8], message: [CChar] = [0x61, 0]) -> [UInt8] {
        arena.scoped {
            let any = arena.make(google__protobuf__any__init)
            any.pointee.type_url = arena.text(typeURL)
            any.pointee.value = value.withUnsafeBytes { arena.bytes($0) }
            let status = arena.make(google__rpc__status__init)
            status.pointee.code = 14
            status.pointee.n_details = 1
            status.pointee.details = arena.list([any]) { $0 }
            return message.withUnsafeBufferPointer { text in
                status.pointee.message = UnsafeMutablePointer(mutating: text.baseAddress)
                return MessageArena.pack(status)
            }
        }
    }

    @Test(
        "keeps its code and message whatever is wrong with a detail",
        arguments: [
            ("type.googleapis.com/google.rpc.ErrorInfo", [0x0A, 0x7F]),
            ("type.googleapis.com/google.rpc.RetryInfo", [0x0A, 0x02, 0x10, 0xFF]),
            ("type.googleapis.com/google.rpc.RetryInfo", []),
            // One second and minus one nanosecond.
            (
                "google.rpc.RetryInfo",
                [0x0A, 0x0D, 0x08, 0x01, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]
            ),
            ("type.googleapis.com/google.rpc.BadRequest", [0xFF]),
            ("type.googleapis.com/google.rpc.DebugInfo", [0x12, 0x01, 0x61]),
            ("", []), ("/", []),
        ] as [(String, [UInt8])])
    func brokenDetails(typeURL: String, value: [UInt8]) throws {
        let status = try ErrorStatus(decoding: encoded(detail: typeURL, value), in: arena)
        #expect(status == ErrorStatus(code: 14, message: "a"))
    }

    @Test("of another domain brings no reason of ours")
    func foreignDomain() throws {
        let info: [UInt8] = [0x0A, 0x01, 0x41, 0x12, 0x01, 0x42]
        let status = try ErrorStatus(decoding: encoded(detail: "x/google.rpc.ErrorInfo", info), in: arena)
        #expect(status.reason.isEmpty)
    }

    @Test("with text that is not UTF-8 is repaired, not lost")
    func repaired() throws {
        let bytes = encoded(detail: "", [], message: [0x61, CChar(bitPattern: 0xFF), 0])
        #expect(try ErrorStatus(decoding: bytes, in: arena).message == "a\u{FFFD}")
    }

    @Test("without reason carries no metadata")
    func metadataNeedsReason() throws {
        let bytes = ErrorStatus(code: 5, message: "", metadata: ["a": "b"]).encoded(in: arena)
        #expect(bytes == [0x08, 0x05])
    }
}
