package import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

/// What `ReportRun` is asked. When the run ended and whether its items exist is for the receiver to judge, who knows the
/// time and the project.
extension RunReport: WirePayload {
    package init(message: Telltale__V1__ReportRunRequest) throws(WireError) {
        let project = try decodeProject(message.project_id, "project_id")
        guard let kind = RunKind(rawValue: try decodeText(message.kind, "kind")) else {
            throw WireError(field: "kind", reason: "must be diagnostics or smoke_tests")
        }
        let id = try decodeText(message.run_id, "run_id")
        guard Self.isWellFormed(id: id) else {
            throw WireError(field: "run_id", reason: "must be at most \(Self.idBytesMax) printable ASCII characters")
        }
        self.init(
            projectID: project, kind: kind,
            results: try decodeMessages(message.results, count: message.n_results, max: Self.resultsMax, "results"),
            endedAt: try decodeMessage(message.ended_at, "ended_at"), runID: id)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__ReportRunRequest> {
        let message = arena.make(telltale__v1__report_run_request__init)
        message.pointee.project_id = arena.text(projectID.rawValue)
        message.pointee.kind = arena.text(kind.rawValue)
        message.pointee.n_results = results.count
        message.pointee.results = arena.list(results) { $0.message(in: arena) }
        message.pointee.ended_at = endedAt?.message(in: arena)
        message.pointee.run_id = arena.text(runID)
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__ReportRunRequest>? {
        arena.unpack(bytes, with: telltale__v1__report_run_request__unpack)
    }
}

extension RunResult: WireMessage {
    package init(message: Telltale__V1__RunResult) throws(WireError) {
        let name = try decodeText(message.name, "name")
        guard 1...Self.nameBytesMax ~= name.utf8.count else {
            throw WireError(field: "name", reason: "must be 1 to \(Self.nameBytesMax) bytes long")
        }
        let words = try decodeText(message.message, "message")
        guard words.utf8.count <= Self.messageBytesMax else {
            throw WireError(field: "message", reason: "must be at most \(Self.messageBytesMax) bytes long")
        }
        let latency = try decodeWait(message.latency, "latency")
        if let latency, latency > Self.latencyMax {
            throw WireError(field: "latency", reason: "must be at most \(Self.latencyMax.components.seconds) s")
        }
        let key = try decodeText(message.key, "key")
        self.init(
            name: name, key: key.isEmpty ? nil : try decodeItem(message.key, "key"), passed: message.passed != 0,
            latency: latency, message: words)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__RunResult> {
        let message = arena.make(telltale__v1__run_result__init)
        message.pointee.name = arena.text(name)
        message.pointee.key = arena.text(key?.description ?? "")
        message.pointee.passed = passed ? 1 : 0
        message.pointee.latency = latency?.message(in: arena)
        message.pointee.message = arena.text(self.message)
        return message
    }
}

/// What `ReportRun` answers.
extension RunReceipt: WirePayload {
    package init(message: Telltale__V1__ReportRunResponse) throws(WireError) {
        self.init(event: try decodeMessage(message.event, "event"), isDuplicate: message.duplicate != 0)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__ReportRunResponse> {
        let message = arena.make(telltale__v1__report_run_response__init)
        message.pointee.event = event?.message(in: arena)
        message.pointee.duplicate = isDuplicate ? 1 : 0
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__ReportRunResponse>? {
        arena.unpack(bytes, with: telltale__v1__report_run_response__unpack)
    }
}
