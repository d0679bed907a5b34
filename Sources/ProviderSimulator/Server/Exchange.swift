/// One request and its answer, from the first header to the last byte. Only its connection's thread touches it.
final class Exchange {
    private enum Stage {
        case head
        case body(SimulatedRequest)
        case answered
    }

    private let target: String
    private var stage = Stage.head

    init(target: String) { self.target = target }

    /// libmicrohttpd's three kinds of call: with the head, with a part of the body, and when the request is complete.
    ///
    /// - Returns: false when the connection is to be closed.
    func advance(
        connection: ClientConnection, method: String, upload: UnsafeRawBufferPointer, context: ServerContext
    ) -> Bool {
        switch stage {
        case .head:
            let request = SimulatedRequest(method: method, target: target, headers: connection.headers())
            if let length = request.headers["content-length"].flatMap({ UInt64($0) }),
                length > UInt64(SimulatedRequest.bodyBytesMax)
            {
                stage = .answered
                return connection.queue(Self.tooLong)
            }
            stage = .body(request)
            return true
        case .body(var request):
            guard upload.isEmpty else {
                // A chunked body says its length only by being too long, and then it is too late for an answer.
                guard request.body.count + upload.count <= SimulatedRequest.bodyBytesMax else { return false }
                request.body.append(contentsOf: upload)
                stage = .body(request)
                return true
            }
            stage = .answered
            return answer(request, on: connection, context: context)
        case .answered:
            return true
        }
    }

    private func answer(_ request: SimulatedRequest, on connection: ClientConnection, context: ServerContext) -> Bool {
        let delivery = context.simulator.receive(request)
        context.log?(Self.line(request, delivery))
        // The count goes down before the client can see the answer: see RequestCounts.inFlight.
        let finish = { if delivery.isCounted { context.simulator.finished() } }
        guard delivery.delay == .zero || connection.outlasts(delivery.delay) else {
            finish()
            return false
        }
        switch delivery.transmission {
        case .answer(let answer):
            finish()
            return connection.queue(answer)
        case .script(let steps, let ending):
            let isThere = steps.allSatisfy { connection.perform($0) }
            finish()
            if isThere, ending == .reset { connection.reset() }
            return false
        }
    }

    private static let tooLong = ControlError(
        413, "the body is longer than \(SimulatedRequest.bodyBytesMax) bytes; send less"
    ).answer

    /// `GET /repos/acme/shop 200`, and the faults that struck. The query stays out: it may hold a secret elsewhere.
    private static func line(_ request: SimulatedRequest, _ delivery: SimulatorState.Delivery) -> String {
        let outcome =
            switch delivery.transmission {
            case .answer(let answer): String(answer.status)
            case .script: "-"
            }
        let path = String(
            decoding: request.path.utf8.prefix(256).map { (0x21...0x7E).contains($0) ? $0 : UInt8(ascii: "?") },
            as: UTF8.self)
        let faults = delivery.faults.isEmpty ? "" : " fault=" + delivery.faults.joined(separator: "+")
        return "\(request.method.prefix(16)) \(path) \(outcome)\(faults)"
    }
}
