package import StatusModel

/// The kinds of events (SPEC §6); `docs/events.md` says what each carries.
package enum EventKind {
    /// Items say something else.
    package static let statusUpdate = "status:update"
    /// A run was reported.
    package static let runFinished = "run:finished"
    /// The configuration names a project that it did not name before.
    package static let projectAdded = "project:added"
    /// The configuration names a project no longer.
    package static let projectRemoved = "project:removed"
    /// The configuration links an item that it did not link before.
    package static let linkConnected = "link:connected"
    /// The configuration links an item in another way.
    package static let linkChanged = "link:changed"
    /// The configuration links an item no longer.
    package static let linkRemoved = "link:removed"
    /// A host failed so often that it is left alone for a while.
    package static let breakerOpened = "breaker:opened"
    /// It answers again.
    package static let breakerClosed = "breaker:closed"
    /// Somebody pushed to the repository.
    package static let githubPush = "github:push"
    /// A production deployment began.
    package static let deployStarted = "deploy:started"
    /// A production deployment ended, well or not.
    package static let deployFinished = "deploy:finished"
    /// A change of a document reached the project's webhook.
    package static let sanityWebhook = "sanity:webhook"
    /// An action has begun.
    package static let actionStarted = "action:started"
    /// An action is on its way: the provider says how far.
    package static let actionProgress = "action:progress"
    /// An action has ended, well or not.
    package static let actionFinished = "action:finished"

    /// All of them.
    package static let all = [
        statusUpdate, runFinished, projectAdded, projectRemoved, linkConnected, linkChanged, linkRemoved, breakerOpened,
        breakerClosed, githubPush, deployStarted, deployFinished, sanityWebhook, actionStarted, actionProgress,
        actionFinished,
    ]

    /// Whether a word of a filter is a kind, or a family such as `deploy:*` that has one: a filter of others waits for ever.
    package static func isNamed(by word: String) -> Bool {
        guard word.hasSuffix("*") else { return all.contains(word) }
        return all.contains { $0.hasPrefix(word.dropLast()) }
    }
}

extension StatusEvent {
    /// An event as the reader of the view may see it.
    ///
    /// - Parameters:
    ///   - id: Where it stands in the journal.
    ///   - time: When it happened.
    ///   - kind: What happened.
    ///   - keys: The items that changed for the view's role. One that is no longer in the view, as
    ///     a service that has gone, stands as not linked.
    ///   - view: The view after the event; the items come from it whole, redacted as they are there.
    ///   - message: One line for people, free of what the role may not see.
    ///   - operation: What an action's event tells of, as the view's role may see it.
    package init(
        id: EventID, at time: UnixTime, kind: String, changed keys: [ItemKey], view: StatusEnvelope,
        message: String = "", operation: Operation? = nil
    ) {
        let changed = Set(keys)
        let items = (view.items + view.services).filter { changed.contains($0.key) }
        let gone = changed.subtracting(items.map(\.key)).sorted().map { IntegrationStatus(goneKey: $0) }
        self.init(
            id: id, at: time, projectID: view.projectID, kind: kind, items: items + gone, overall: view.overall,
            hash: view.hash, revision: view.revision, message: message, operation: operation)
    }
}

extension IntegrationStatus {
    /// What is left of a service that was there.
    fileprivate init(goneKey key: ItemKey) {
        self.init(key: key)
        summary = "Not linked"
    }
}
