import CProtobufC
import CTelltaleProtos
package import ProtobufMessages
import TTRPCCore

/// A request as it lies in the read buffer and the loop's arena. Valid only during the call it is passed to.
package struct InboundRequest {
    let message: UnsafePointer<Ttrpc__Request>
    /// The loop's arena, for decoding the payload and encoding the answer within the call.
    package let arena: MessageArena
    /// Whom the request comes from.
    package let peer: TTRPCPeer
    /// The client sends nothing more on the stream. A session whose messages come from the client, and that is opened so,
    /// is not told again by ``StreamSession/remoteClosed()``.
    package let remoteClosed: Bool

    /// The encoded request message of the method.
    package var payload: UnsafeRawBufferPointer { UnsafeRawBufferPointer(field: message.pointee.payload) }

    /// How long the caller waits; nil when it did not say.
    package var timeout: Duration? {
        message.pointee.timeout_nano > 0 ? .nanoseconds(message.pointee.timeout_nano) : nil
    }

    /// The first value of a metadata key, compared byte by byte; nil only when it is absent. What is no UTF-8 is U+FFFD,
    /// so that who asserts nonsense is not taken for one who asserts nothing.
    package func metadata(_ key: StaticString) -> String? {
        let pairs = UnsafeBufferPointer(start: message.pointee.metadata, count: message.pointee.n_metadata)
        for case let pair? in pairs where CString.equals(pair.pointee.key, key) {
            return String(field: pair.pointee.value) ?? "\u{FFFD}"
        }
        return nil
    }
}

enum CString {
    @inline(__always)
    static func equals(_ text: UnsafePointer<CChar>?, _ other: StaticString) -> Bool {
        guard let text else { return other.utf8CodeUnitCount == 0 }
        return memcmpPrefix(text, other.utf8Start, other.utf8CodeUnitCount)
            && text[other.utf8CodeUnitCount] == 0
    }

    /// Whether the first `count` characters agree; stops at the terminating zero, so it never reads past the text.
    @inline(__always)
    private static func memcmpPrefix(_ text: UnsafePointer<CChar>, _ other: UnsafePointer<UInt8>, _ count: Int) -> Bool
    {
        for index in 0..<count where UInt8(bitPattern: text[index]) != other[index] || text[index] == 0 { return false }
        return true
    }
}

/// The two messages of the ttrpc envelope, encoded and decoded with protobuf-c.
enum Envelope {
    /// Field 2 of `Response`, length-delimited.
    private static let responsePayloadTag: UInt8 = 0x12

    /// Bytes of a `Response` with that payload: one tag, the length as a varint, the payload.
    @inline(__always)
    static func responseByteCount(payloadByteCount: Int) -> Int {
        payloadByteCount == 0 ? 0 : 1 + varintByteCount(payloadByteCount) + payloadByteCount
    }

    /// Writes the bytes before a response's payload and returns how many there are. The one message written by hand:
    /// its payload is by far the most frequent thing sent, and packing it would copy it once more.
    @inline(__always)
    static func writeResponseHead(payloadByteCount: Int, into bytes: UnsafeMutableRawBufferPointer) -> Int {
        guard payloadByteCount > 0 else { return 0 }
        bytes[0] = responsePayloadTag
        var (rest, index) = (payloadByteCount, 1)
        while rest >= 0x80 {
            bytes[index] = UInt8(truncatingIfNeeded: rest) | 0x80
            rest >>= 7
            index += 1
        }
        bytes[index] = UInt8(rest)
        return index + 1
    }

    @inline(__always)
    private static func varintByteCount(_ value: Int) -> Int {
        value == 0 ? 1 : (Int.bitWidth - value.leadingZeroBitCount + 6) / 7
    }

    /// A `Response` that carries a status.
    static func response(status: RPCStatus, arena: MessageArena) -> [UInt8] {
        arena.scoped {
            let response = arena.make(ttrpc__response__init)
            response.pointee.status = wireStatus(status, arena: arena)
            return MessageArena.pack(UnsafePointer(response))
        }
    }

    private static func wireStatus(
        _ status: RPCStatus, arena: MessageArena
    ) -> UnsafeMutablePointer<Google__Rpc__Status> {
        let wire = arena.make(google__rpc__status__init)
        wire.pointee.code = status.code.rawValue
        wire.pointee.message = arena.text(status.message)
        wire.pointee.n_details = status.details.count
        wire.pointee.details = arena.list(status.details) { detail in
            let any = arena.make(google__protobuf__any__init)
            any.pointee.type_url = arena.text(detail.typeURL)
            any.pointee.value = detail.value.withUnsafeBytes { arena.bytes($0) }
            return any
        }
        return wire
    }

    /// A `Request`, as a client sends it.
    static func request(
        service: String, method: String, payload: [UInt8], timeout: Duration?, metadata: [(key: String, value: String)],
        arena: MessageArena
    ) -> [UInt8] {
        arena.scoped {
            let request = arena.make(ttrpc__request__init)
            request.pointee.service = arena.text(service)
            request.pointee.method = arena.text(method)
            request.pointee.payload = payload.withUnsafeBytes { arena.bytes($0) }
            request.pointee.timeout_nano = timeout.map(nanoseconds) ?? 0
            request.pointee.n_metadata = metadata.count
            request.pointee.metadata = arena.list(metadata) { pair in
                let wire = arena.make(ttrpc__key_value__init)
                wire.pointee.key = arena.text(pair.key)
                wire.pointee.value = arena.text(pair.value)
                return wire
            }
            return MessageArena.pack(UnsafePointer(request))
        }
    }

    /// Reads a `Response`: its payload, or the status it carries.
    static func decodeResponse(
        _ bytes: UnsafeRawBufferPointer, arena: MessageArena
    ) -> Result<[UInt8], RPCStatus> {
        arena.scoped {
            guard let response = arena.unpack(bytes, with: ttrpc__response__unpack) else {
                return .failure(RPCStatus(.internal, "The server's answer is not a ttrpc response."))
            }
            if let status = response.pointee.status, status.pointee.code != 0 {
                return .failure(decodeStatus(status.pointee))
            }
            return .success([UInt8](UnsafeRawBufferPointer(field: response.pointee.payload)))
        }
    }

    private static func decodeStatus(_ wire: Google__Rpc__Status) -> RPCStatus {
        let details = UnsafeBufferPointer(start: wire.details, count: wire.n_details).compactMap { any in
            any.map { any in
                RPCStatus.Detail(
                    typeURL: String(field: any.pointee.type_url) ?? "",
                    value: [UInt8](UnsafeRawBufferPointer(field: any.pointee.value)))
            }
        }
        return RPCStatus(
            StatusCode(rawValue: wire.code) ?? .unknown, String(field: wire.message) ?? "", details: details)
    }

    /// The timeout as the wire has it: at least one nanosecond, for zero would mean none.
    private static func nanoseconds(_ timeout: Duration) -> Int64 {
        let (seconds, attoseconds) = timeout.components
        let product = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !product.overflow else { return seconds < 0 ? 1 : .max }
        let sum = product.partialValue.addingReportingOverflow(attoseconds / 1_000_000_000)
        return sum.overflow ? .max : max(1, sum.partialValue)
    }
}
