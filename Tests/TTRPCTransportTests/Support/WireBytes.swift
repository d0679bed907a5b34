import CTelltaleProtos
import ProtobufMessages
import TTRPCCore

/// Frames and envelopes as bytes, written by the tables of the protocols and by nothing of the code under test.
enum WireBytes {
    static func frame(
        _ type: UInt8, _ id: UInt32, flags: UInt8 = 0, data: [UInt8] = [], announcing byteCount: UInt32? = nil
    ) -> [UInt8] {
        bigEndian(byteCount ?? UInt32(data.count)) + bigEndian(id) + [type, flags] + data
    }

    /// A unary request of the test methods.
    static func call(
        _ id: UInt32, _ method: String, _ payload: [UInt8] = [], flags: UInt8 = 0, timeoutNanoseconds: UInt64 = 0
    ) -> [UInt8] {
        let timeout = timeoutNanoseconds == 0 ? [] : [4 << 3] + varint(timeoutNanoseconds)
        return frame(1, id, flags: flags, data: request("test.Calls", method, payload) + timeout)
    }

    /// A request that opens a stream of the test methods: flag 1 when the client sends no more, 2 when it does.
    static func open(_ id: UInt32, _ method: String, _ payload: [UInt8] = [], flags: UInt8 = 1) -> [UInt8] {
        frame(1, id, flags: flags, data: request("test.Streams", method, payload))
    }

    private static func request(_ service: String, _ method: String, _ payload: [UInt8]) -> [UInt8] {
        field(1, Array(service.utf8)) + field(2, Array(method.utf8)) + field(3, payload)
    }

    static func data(_ id: UInt32, _ data: [UInt8] = [], flags: UInt8 = 0) -> [UInt8] {
        frame(3, id, flags: flags, data: data)
    }

    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        [number << 3 | 2] + varint(UInt64(bytes.count)) + bytes
    }

    private static func varint(_ value: UInt64) -> [UInt8] {
        var (bytes, rest): ([UInt8], UInt64) = ([], value)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private static func bigEndian(_ word: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) }
    }
}

extension RawFrame {
    /// The status of a response; nil when it is none, or no response at all.
    var status: StatusCode? {
        guard type == 2 else { return nil }
        let arena = MessageArena()
        return arena.scoped {
            data.withUnsafeBytes { bytes in
                guard let response = arena.unpack(bytes, with: ttrpc__response__unpack) else { return nil }
                return response.pointee.status.map { StatusCode(rawValue: $0.pointee.code) ?? .unknown } ?? .ok
            }
        }
    }
}
