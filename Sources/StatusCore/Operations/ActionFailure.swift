package import StatusModel

/// Why an action did not do what it should, or why nobody knows whether it did.
package struct ActionFailure: Error, Hashable, Sendable {
    /// What kind of failure it is, by gRPC's canonical codes (google/rpc/code.proto).
    package enum Code: Int32, CaseIterable, Hashable, Sendable {
        case unknown = 2
        /// The payload is not what the action takes.
        case invalidArgument = 3
        case deadlineExceeded = 4
        /// What it is about is not there, or not for us.
        case notFound = 5
        /// The provider refuses us.
        case permissionDenied = 7
        /// The provider throttles us, or a quota is used up.
        case resourceExhausted = 8
        /// The provider's state forbids it: a merge conflict.
        case failedPrecondition = 9
        case aborted = 10
        case `internal` = 13
        case unavailable = 14
        case unauthenticated = 16
    }

    package var code: Code
    /// The stable name of the reason, in capitals: `MERGE_CONFLICT`.
    package var reason: String
    /// What happened and what the person can do. Holds no token and no payload.
    package var message: OperationWords
    /// When it is of use to try again.
    package var retryAfter: UnixTime?
    /// It was sent, and no answer says what became of it: `unknown_outcome`, and `message` says how to find out.
    package var isOutcomeUnknown: Bool
    /// The part of the payload that is wrong, as a path: `payload.ref`; empty for none.
    package var field: String
    /// Until when no link with the same secret may ask, as in ``ProviderFailure/sharedLimitEndsAt``. It concerns the reads: with
    /// the operation it is neither kept nor told.
    package var sharedLimitEndsAt: UnixTime?

    package init(
        _ code: Code, reason: String, _ message: OperationWords, retryAfter: UnixTime? = nil,
        isOutcomeUnknown: Bool = false, field: String = "", sharedLimitEndsAt: UnixTime? = nil
    ) {
        self.code = code
        self.reason = reason
        self.message = message
        self.retryAfter = retryAfter
        self.isOutcomeUnknown = isOutcomeUnknown
        self.field = field
        self.sharedLimitEndsAt = sharedLimitEndsAt
    }

    /// A payload that is not what the action takes.
    ///
    /// - Parameters:
    ///   - field: Which part, as `ref`; empty for the whole.
    ///   - reason: What it must be, in words that fit behind the field's name.
    /// - Returns: The failure, which names the field.
    package static func invalid(_ field: String, _ reason: String) -> Self {
        let path = field.isEmpty ? "payload" : "payload.\(field)"
        return Self(
            .invalidArgument, reason: "PAYLOAD_INVALID", OperationWords("\(path) \(reason)"), field: path)
    }

    /// A payload that is no JSON object, or one beyond the bounds of all payloads.
    package static let malformedPayload = invalid(
        "",
        "must be one JSON object of at most \(ActionRequest.payloadBytesMax >> 10) KiB and \(ActionRequest.payloadValuesMax) "
            + "values, at most \(ActionRequest.payloadDepthMax) deep, with each name once")
}
