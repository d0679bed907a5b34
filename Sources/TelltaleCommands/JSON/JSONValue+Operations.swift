package import StatusModel

extension JSONValue {
    package static func operation(_ operation: Operation) -> Self {
        .object([
            "id": .text(operation.id),
            "project_id": .text(operation.projectID.rawValue),
            "key": .text(operation.key.description),
            "action": .text(operation.action),
            "state": .text(operation.state.rawValue),
            "summary": .text(operation.summary),
            "created_at": .time(operation.createdAt),
            "updated_at": .time(operation.updatedAt),
            "ended_at": .time(operation.endedAt),
            "error": operation.error.map(error) ?? .null,
            "result": operation.result.isEmpty ? .null : JSONValue(reading: operation.result) ?? .null,
            "dry_run": .bool(operation.isDryRun),
            "requested_by": .text(operation.requestedBy),
            "version": .unsigned(operation.version),
        ])
    }

    /// What became of a wish, with the key under which it can be made again.
    package static func receipt(_ receipt: OperationReceipt, key: String) -> Self {
        .object([
            "operation": .operation(receipt.operation), "replayed": .bool(receipt.isReplayed),
            "in_flight": .bool(receipt.isInFlight), "idempotency_key": .text(key),
        ])
    }

    private static func error(_ error: OperationError) -> Self {
        .object([
            "code": .integer(Int64(error.code)), "reason": .text(error.reason), "message": .text(error.message),
            "retry_after": .time(error.retryAfter),
        ])
    }
}
