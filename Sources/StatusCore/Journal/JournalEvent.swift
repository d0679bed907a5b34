package import StatusModel

/// What a journal needs to know of an event that it keeps.
package protocol JournalEvent: Sendable {
    /// What it takes in memory, at most.
    var byteCount: Int { get }

    /// The items whose state it tells, and to whom; none for an event that tells of something else.
    var shownItems: [ShownItem] { get }

    /// The same event under another id.
    func reissued(as id: EventID) -> Self
}

/// An item whose state an event tells.
package struct ShownItem: Hashable, Sendable {
    package var item: ItemReference
    /// Who is told.
    package var roles: Set<Role>

    package init(item: ItemReference, roles: Set<Role>) {
        self.item = item
        self.roles = roles
    }
}

/// Events that got other ids before anybody saw those that they had.
package struct EventRenumbering: Hashable, Sendable {
    /// The place after which they stood.
    package var after: EventID
    /// The sequence number of the last of them.
    package var through: UInt64
    /// Their epoch now, whose numbers begin with them.
    package var epoch: UInt64

    package init(after: EventID, through: UInt64, epoch: UInt64) {
        self.after = after
        self.through = through
        self.epoch = epoch
    }

    /// What became of an id; nil when it stayed as it was.
    package func callAsFunction(_ id: EventID) -> EventID? {
        guard id.epoch == after.epoch, id.sequence > after.sequence, id.sequence <= through else { return nil }
        return EventID(epoch: epoch, sequence: id.sequence - after.sequence)
    }
}
