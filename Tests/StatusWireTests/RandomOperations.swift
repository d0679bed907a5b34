import StatusModel
import TestSupport

/// Random operations and what is asked of them.
extension SeededGenerator {
    mutating func actionRequest() -> ActionRequest {
        ActionRequest(
            projectID: project(), key: item(), action: pick(["sync", "x", String(repeating: "a", count: 64)]),
            payload: bytes(), idempotencyKey: text(), isDryRun: chance(), isAfterLoss: chance())
    }

    mutating func operation() -> Operation {
        let updatedAt = time()
        return Operation(
            id: text(), projectID: project(), key: item(), action: text(), state: pick(OperationState.allCases),
            summary: text(), createdAt: time(), updatedAt: updatedAt, endedAt: maybe { $0.time() },
            error: maybe { generator in
                OperationError(
                    code: Int32(generator.next() % 17), reason: generator.text(), message: generator.text(),
                    // Whoever is to wait is not told of the past.
                    retryAfter: generator.maybe { updatedAt.advanced(by: .nanoseconds(Int64($0.next() >> 4))) })
            },
            result: bytes(), isDryRun: chance(), requestedBy: text(), version: pick([0, .max, next()]))
    }

    mutating func operationQuery() -> OperationQuery {
        OperationQuery(
            id: pick(["o", String(repeating: "o", count: OperationQuery.idBytesMax)]),
            wait: pick([.zero, .nanoseconds(1), .seconds(29.5), OperationQuery.waitMax]),
            knownVersion: pick([0, .max, next()]))
    }

    mutating func operationListQuery() -> OperationListQuery {
        OperationListQuery(
            projectID: project(), key: maybe { $0.item() },
            pageSize: pick([1, 50, OperationListQuery.pageSizeMax]), pageToken: text())
    }

    private mutating func bytes() -> [UInt8] {
        (0..<Int(next() % 40)).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}
