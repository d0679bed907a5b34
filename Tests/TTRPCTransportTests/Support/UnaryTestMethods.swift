import LinuxSystem
import TTRPCCore
import TTRPCTransport

/// A unary method made of a closure.
struct UnaryTestMethod: UnaryMethod {
    let log: Watched<TestLog>
    let body: @Sendable (InboundRequest, Reply) -> UnaryOutcome

    func call(_ request: InboundRequest, reply: Reply) -> UnaryOutcome {
        log.update { $0.calls += 1 }
        return body(request, reply)
    }
}

/// Answers with the request; a request that comes again is answered without being decoded, unless it begins with zero.
struct PreparingMethod: UnaryMethod {
    let log: Watched<TestLog>

    final class Prepared: PreparedCall {
        let payload: [UInt8]
        let log: Watched<TestLog>

        init(payload: [UInt8], log: Watched<TestLog>) {
            self.payload = payload
            self.log = log
        }

        func answer(_ reply: Reply) -> Bool {
            if payload.first == 0 { return false }
            log.update { $0.preparedAnswers += 1 }
            reply.send(payload)
            return true
        }
    }

    func call(_ request: InboundRequest, reply: Reply) -> UnaryOutcome {
        log.update { $0.calls += 1 }
        reply.send([UInt8](request.payload))
        return .replied
    }

    func prepare(_ request: InboundRequest) -> (any PreparedCall)? {
        Prepared(payload: [UInt8](request.payload), log: log)
    }
}

enum UnaryTestMethods {
    static let details = [
        RPCStatus.Detail(typeURL: "type.googleapis.com/google.rpc.ErrorInfo", value: [1, 2, 3]),
        RPCStatus.Detail(typeURL: "type.googleapis.com/google.rpc.RetryInfo", value: []),
    ]

    static func add(to table: inout MethodTable, log: Watched<TestLog>) {
        func add(_ name: StaticString, _ body: @escaping @Sendable (InboundRequest, Reply) -> UnaryOutcome) {
            table.add("test.Calls", name, UnaryTestMethod(log: log, body: body))
        }
        add("Echo") { request, reply in
            reply.send([UInt8](request.payload))
            return .replied
        }
        add("Describe") { request, reply in
            let words = [
                request.timeout.map { "\($0)" } ?? "none", request.metadata("telltale-user") ?? "nobody",
                "\(request.peer.tag)",
            ]
            reply.send(Array(words.joined(separator: " ").utf8))
            return .replied
        }
        add("Fail") { _, reply in
            reply.send([0xFF])
            return .failed(RPCStatus(.notFound, "No such project; see `telltale projects`.", details: details))
        }
        // As many bytes as the request's length, times 64 KiB.
        add("Blob") { request, reply in
            log.update { $0.blobs += 1 }
            reply.send([UInt8](repeating: 7, count: request.payload.count << 16))
            return .replied
        }
        add("LaterBlob") { request, _ in
            let byteCount = request.payload.count << 16
            return later(log) { [UInt8](repeating: 7, count: byteCount) }
        }
        add("Nothing") { _, _ in .replied }
        add("Later") { request, _ in
            let payload = [UInt8](request.payload)
            return later(log) { payload }
        }
        add("LaterFail") { _, _ in later(log) { () throws(RPCStatus) in throw RPCStatus(.aborted, "Too late.") } }
        add("Hang") { _, _ in
            .later { () throws(RPCStatus) in
                log.update { $0.begun += 1 }
                await cancellation()
                log.update {
                    $0.cancelled += 1
                    $0.finished += 1
                }
                throw RPCStatus(.cancelled, "Nobody waits.")
            }
        }
        table.add("test.Calls", "Prepare", PreparingMethod(log: log))
    }

    /// Answers once the gate is open; does not heed its cancellation.
    private static func later(
        _ log: Watched<TestLog>, _ answer: @escaping @Sendable () throws(RPCStatus) -> [UInt8]
    ) -> UnaryOutcome {
        .later { () throws(RPCStatus) in
            log.update { $0.begun += 1 }
            await log.wait { $0.isGateOpen }
            log.update { $0.finished += 1 }
            return try answer()
        }
    }

    /// Returns once the task is cancelled.
    private static func cancellation() async {
        let isCancelled = Watched(false)
        await withTaskCancellationHandler {
            await isCancelled.wait { $0 }
        } onCancel: {
            isCancelled.update { $0 = true }
        }
    }
}
