package import LinuxSystem
package import TTRPCCore

/// Who is at the other end of a connection, decided once when it was accepted.
package struct TTRPCPeer: Hashable, Sendable {
    package var credentials: PeerCredentials
    /// A number that the admission gave to the peer, for the handlers to read; the transport attaches no meaning to it.
    package var tag: Int

    package init(credentials: PeerCredentials, tag: Int) {
        self.credentials = credentials
        self.tag = tag
    }
}

/// Where a unary method writes its answer when it has one at once.
package struct Reply {
    let output: OutputBuffer
    let streamID: StreamID
    /// Which turn of the loop the answer belongs to; what was true a moment ago in the same turn need not be asked again.
    package let turn: UInt64

    /// Writes the response, whose payload consists of two parts, one after the other. When both together do not fit a
    /// frame of 4 MiB nothing is written, and the call is answered with `RESOURCE_EXHAUSTED`.
    @inline(__always)
    package func send(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) {
        let payloadByteCount = first.count + second.count
        output.appendFrame(
            .response, streamID, dataByteCount: Envelope.responseByteCount(payloadByteCount: payloadByteCount)
        ) { bytes in
            var rest = UnsafeMutableRawBufferPointer(
                rebasing: bytes[Envelope.writeResponseHead(payloadByteCount: payloadByteCount, into: bytes)...])
            if first.count > 0 {
                rest.copyMemory(from: first)
                rest = UnsafeMutableRawBufferPointer(rebasing: rest[first.count...])
            }
            if second.count > 0 { rest.copyMemory(from: second) }
        }
    }

    /// Writes a response that was encoded whole before, by ``encodedResponse(_:_:)``.
    @inline(__always)
    package func send(encodedResponse response: UnsafeRawBufferPointer) {
        output.appendFrame(.response, streamID, dataByteCount: response.count) { $0.copyMemory(from: response) }
    }

    /// A response whose payload consists of two parts, for ``send(encodedResponse:)``.
    package static func encodedResponse(_ first: [UInt8], _ second: UnsafeRawBufferPointer) -> [UInt8] {
        let payloadByteCount = first.count + second.count
        let byteCount = Envelope.responseByteCount(payloadByteCount: payloadByteCount)
        return [UInt8](unsafeUninitializedCapacity: byteCount) { bytes, count in
            let raw = UnsafeMutableRawBufferPointer(bytes)
            let head = Envelope.writeResponseHead(payloadByteCount: payloadByteCount, into: raw)
            UnsafeMutableRawBufferPointer(rebasing: raw[head...]).copyBytes(from: first)
            UnsafeMutableRawBufferPointer(rebasing: raw[(head + first.count)...]).copyBytes(from: second)
            count = byteCount
        }
    }

    /// Writes the response.
    package func send(_ payload: [UInt8]) {
        payload.withUnsafeBytes { send($0, UnsafeRawBufferPointer(start: nil, count: 0)) }
    }
}

/// How a unary method ended, as far as the loop can see.
package enum UnaryOutcome: Sendable {
    /// The response was written to the ``Reply``, once.
    case replied
    /// It failed at once.
    case failed(RPCStatus)
    /// The answer takes time. The work runs as a task of the connection: it is cancelled when the connection closes or
    /// the deadline passes, and its result then goes nowhere.
    case later(@Sendable () async throws(RPCStatus) -> [UInt8])
}

/// A unary method. Called on the loop that read the request: it must not block, and says ``UnaryOutcome/later(_:)`` for
/// anything that has to wait.
package protocol UnaryMethod: Sendable {
    func call(_ request: InboundRequest, reply: Reply) -> UnaryOutcome

    /// Makes what answers every later request of these very bytes; nil when there is nothing to gain. The outcome may
    /// depend on the request's bytes and its peer's tag alone.
    func prepare(_ request: InboundRequest) -> (any PreparedCall)?
}

extension UnaryMethod {
    package func prepare(_ request: InboundRequest) -> (any PreparedCall)? { nil }
}

/// The methods that a server offers, found by comparing raw bytes: there are few, and the busiest comes first.
package struct MethodTable: Sendable {
    enum Method: Sendable {
        case unary(any UnaryMethod)
        case stream(any StreamMethod)
    }

    private struct Entry: Sendable {
        let service: StaticString
        let name: StaticString
        let method: Method
    }

    enum Lookup {
        case found(Method)
        case unknownService
        case unknownMethod
    }

    private var entries: [Entry] = []

    package init() {}

    package mutating func add(_ service: StaticString, _ name: StaticString, _ method: any UnaryMethod) {
        entries.append(Entry(service: service, name: name, method: .unary(method)))
    }

    package mutating func addStream(_ service: StaticString, _ name: StaticString, _ method: any StreamMethod) {
        entries.append(Entry(service: service, name: name, method: .stream(method)))
    }

    func find(service: UnsafePointer<CChar>?, method: UnsafePointer<CChar>?) -> Lookup {
        var knowsService = false
        for entry in entries where CString.equals(service, entry.service) {
            if CString.equals(method, entry.name) { return .found(entry.method) }
            knowsService = true
        }
        return knowsService ? .unknownMethod : .unknownService
    }
}
