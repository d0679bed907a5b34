import CProtobufC
package import CTelltaleProtos
package import ProtobufMessages

/// `google.rpc.Status` with the details that Telltale uses: how a call failed, for programs and for people.
package struct ErrorStatus: Error, Hashable, Sendable {
    /// What in a request was wrong.
    package struct FieldViolation: Hashable, Sendable {
        /// The path to the field within the request.
        package var field: String
        /// One sentence for people.
        package var description: String

        package init(field: String, description: String) {
            self.field = field
            self.description = description
        }
    }

    /// A canonical code of gRPC; 0 never comes with an error.
    package var code: Int32
    /// One or two sentences for people. Holds no secret.
    package var message: String
    /// The stable name of the reason, `PROJECT_UNKNOWN`; empty for none. It travels in `ErrorInfo`.
    package var reason: String
    /// Values that the sentence was made of, by name. They travel with `reason`.
    package var metadata: [String: String]
    /// When it is of use to try again (`RetryInfo`).
    package var retryAfter: Duration?
    /// What in the request was wrong (`BadRequest`).
    package var violations: [FieldViolation]

    package init(
        code: Int32, message: String, reason: String = "", metadata: [String: String] = [:],
        retryAfter: Duration? = nil, violations: [FieldViolation] = []
    ) {
        self.code = code
        self.message = message
        self.reason = reason
        self.metadata = metadata
        self.retryAfter = retryAfter
        self.violations = violations
    }

    /// `INVALID_ARGUMENT` with the field named.
    package init(_ error: WireError) {
        self.init(
            code: 3, message: error.description, reason: "REQUEST_INVALID",
            violations: [FieldViolation(field: error.field, description: error.description)])
    }
}

extension ErrorStatus: WirePayload {
    /// Whoever defines our reasons, in `ErrorInfo.domain`.
    private static let domain = "telltale"

    /// Never fails: an error must not be lost to an error in its details. Invalid text is repaired, and a detail that
    /// is malformed, of another kind or of another domain is left out.
    package init(message: Google__Rpc__Status) {
        self.init(code: message.code, message: repairedText(message.message))
        let arena = MessageArena(firstBlockBytes: 1 << 10)
        for index in 0..<message.n_details {
            guard let detail = message.details?[index]?.pointee else { continue }
            arena.scoped { take(detail, in: arena) }
        }
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Google__Rpc__Status> {
        var details: [UnsafeMutablePointer<Google__Protobuf__Any>] = []
        if !reason.isEmpty { details.append(arena.any("google.rpc.ErrorInfo", errorInfo(in: arena))) }
        if let retryAfter {
            let info = arena.make(google__rpc__retry_info__init)
            info.pointee.retry_delay = retryAfter.message(in: arena)
            details.append(arena.any("google.rpc.RetryInfo", info))
        }
        if !violations.isEmpty { details.append(arena.any("google.rpc.BadRequest", badRequest(in: arena))) }

        let status = arena.make(google__rpc__status__init)
        status.pointee.code = code
        status.pointee.message = arena.text(message)
        status.pointee.n_details = details.count
        status.pointee.details = arena.list(details) { $0 }
        return status
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Google__Rpc__Status>? {
        arena.unpack(bytes, with: google__rpc__status__unpack)
    }

    private func errorInfo(in arena: MessageArena) -> UnsafeMutablePointer<Google__Rpc__ErrorInfo> {
        let info = arena.make(google__rpc__error_info__init)
        info.pointee.reason = arena.text(reason)
        info.pointee.domain = arena.text(Self.domain)
        info.pointee.n_metadata = metadata.count
        // Sorted, so that the same error always gives the same bytes.
        info.pointee.metadata = arena.list(metadata.sorted { $0.key < $1.key }) { key, value in
            let entry = arena.make(google__rpc__error_info__metadata_entry__init)
            entry.pointee.key = arena.text(key)
            entry.pointee.value = arena.text(value)
            return entry
        }
        return info
    }

    private func badRequest(in arena: MessageArena) -> UnsafeMutablePointer<Google__Rpc__BadRequest> {
        let request = arena.make(google__rpc__bad_request__init)
        request.pointee.n_field_violations = violations.count
        request.pointee.field_violations = arena.list(violations) { violation in
            let message = arena.make(google__rpc__bad_request__field_violation__init)
            message.pointee.field = arena.text(violation.field)
            message.pointee.description = arena.text(violation.description)
            return message
        }
        return request
    }

    private mutating func take(_ detail: Google__Protobuf__Any, in arena: MessageArena) {
        let value = UnsafeRawBufferPointer(field: detail.value)
        // `type.googleapis.com/google.rpc.ErrorInfo`; whatever stands before the last slash does not count.
        switch repairedText(detail.type_url).split(separator: "/").last {
        case "google.rpc.ErrorInfo":
            guard let info = arena.unpack(value, with: google__rpc__error_info__unpack)?.pointee,
                repairedText(info.domain) == Self.domain
            else { return }
            reason = repairedText(info.reason)
            for index in 0..<info.n_metadata {
                guard let entry = info.metadata?[index]?.pointee else { continue }
                metadata[repairedText(entry.key)] = repairedText(entry.value)
            }
        case "google.rpc.RetryInfo":
            guard let info = arena.unpack(value, with: google__rpc__retry_info__unpack)?.pointee,
                let delay = info.retry_delay?.pointee
            else { return }
            // A delay out of range is malformed, so it is left out.
            retryAfter = try? Duration(message: delay)
        case "google.rpc.BadRequest":
            guard let request = arena.unpack(value, with: google__rpc__bad_request__unpack)?.pointee else { return }
            for index in 0..<request.n_field_violations {
                guard let violation = request.field_violations?[index]?.pointee else { continue }
                violations.append(
                    FieldViolation(
                        field: repairedText(violation.field), description: repairedText(violation.description)))
            }
        default: break
        }
    }
}

/// Text whose invalid parts are replaced.
private func repairedText(_ text: UnsafePointer<CChar>?) -> String {
    text.map { String(cString: $0) } ?? ""
}

extension MessageArena {
    /// A `google.protobuf.Any` of a message.
    fileprivate func any<Message>(
        _ type: String, _ message: UnsafeMutablePointer<Message>
    ) -> UnsafeMutablePointer<Google__Protobuf__Any> {
        let any = make(google__protobuf__any__init)
        any.pointee.type_url = text("type.googleapis.com/\(type)")
        any.pointee.value = MessageArena.pack(message).withUnsafeBytes { bytes($0) }
        return any
    }
}
