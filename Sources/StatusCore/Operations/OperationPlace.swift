package import StatusModel

/// A place in the list of a project's operations, of which the newest is the first: behind the last one of a page.
package struct OperationPlace: Hashable, Sendable {
    /// When that one was recorded, by the wall clock.
    package var createdAt: UnixTime
    /// Its name: two may have been recorded in one instant.
    package var id: String

    package init(createdAt: UnixTime, id: String) {
        self.createdAt = createdAt
        self.id = id
    }

    /// Behind an operation.
    package init(behind operation: OperationRecord) {
        self.init(createdAt: operation.createdAt.wall, id: operation.id)
    }

    /// Whether an operation stands behind this place.
    package func precedes(_ operation: OperationRecord) -> Bool {
        let other = Self(behind: operation)
        return (other.createdAt, other.id) < (createdAt, id)
    }
}

// Its text, for a page's token.
extension OperationPlace: LosslessStringConvertible {
    /// Reads what ``description`` wrote, and nothing else.
    package init?(_ description: String) {
        guard let separator = description.firstIndex(of: ".") else { return nil }
        let id = String(description[description.index(after: separator)...])
        guard let nanoseconds = Int64(description[..<separator]), !id.isEmpty,
            id.utf8.count <= OperationQuery.idBytesMax
        else { return nil }
        self.init(createdAt: UnixTime(nanoseconds: nanoseconds), id: id)
        guard self.description == description else { return nil }
    }

    package var description: String { "\(createdAt.nanoseconds).\(id)" }
}
