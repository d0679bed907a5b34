package import StatusModel

/// That the store may have forgotten keys: some of its operations could not be read, or it is not known as the one that was
/// last written here. A key that was given before may stand for an operation that nobody knows any more.
package struct KeyLoss: Hashable, Sendable {
    /// When it was noticed: no key that was given later is lost.
    package var noticedAt: Moment

    package init(noticedAt: Moment) { self.noticedAt = noticedAt }

    /// Whether keys of before still count, had they not been forgotten (``OperationName/lifetime``).
    package func counts(at now: Moment) -> Bool { now.age(since: noticedAt) < OperationName.lifetime }

    /// Until when.
    package func end(asOf now: Moment) -> UnixTime {
        noticedAt.advanced(by: OperationName.lifetime).wall(asOf: now)
    }
}
