package import StatusModel

/// What an executor is told: one action on one item, with what is known of it.
package struct ActionCall: Sendable {
    /// The operation's name: what a provider is told where it can keep a note, so that a lost answer can be looked for.
    package var operationID: String
    package var item: ItemReference
    package var action: IntegrationAction
    /// What the item links; nil where it links nothing, as before `connect`.
    package var link: Link?
    /// The secret of the link's credential; nil for none, and while an action is only planned.
    package var secret: Secret?
    /// The secrets of the link's named credentials.
    package var namedSecrets: [String: Result<Secret, ProviderFailure>]
    /// The parameters as they came: one JSON object, or nothing.
    package var payload: [UInt8]
    /// The newest reading of the item, if there is one.
    package var reading: Reading?
    /// On whose behalf, in words; for a local command.
    package var requestedBy: String
    package var now: Moment
    /// By when it has to be over.
    package var deadline: ContinuousClock.Instant

    package init(
        operationID: String, item: ItemReference, action: IntegrationAction, link: Link?, secret: Secret? = nil,
        namedSecrets: [String: Result<Secret, ProviderFailure>] = [:], payload: [UInt8] = [], reading: Reading? = nil,
        requestedBy: String = "", now: Moment, deadline: ContinuousClock.Instant
    ) {
        self.operationID = operationID
        self.item = item
        self.action = action
        self.link = link
        self.secret = secret
        self.namedSecrets = namedSecrets
        self.payload = payload
        self.reading = reading
        self.requestedBy = requestedBy
        self.now = now
        self.deadline = deadline
    }
}

/// What would be done.
package struct ActionPlan: Hashable, Sendable {
    /// `Deploys acme/shop to production`: what a dry run answers, and the first words of the operation.
    package var words: OperationWords
    /// Whether it changes something that cannot be taken back. Then it is never begun a second time.
    package var isSending: Bool

    package init(_ words: OperationWords, isSending: Bool) {
        self.words = words
        self.isSending = isSending
    }
}

/// What an action came to.
package struct ActionResult: Hashable, Sendable {
    /// One line for people.
    package var words: OperationWords
    /// One JSON object of at most ``jsonBytesMax`` bytes; empty for none.
    package var json: [UInt8]
    /// What it is that happened at the provider, such as `deploy:finished`: told once, whoever else tells of it.
    package var milestones: [Milestone]
    /// A run that it made, to be shown and kept as one that was reported; nil for none.
    package var report: RunReport?

    /// The longest result.
    package static let jsonBytesMax = 16 << 10

    package init(
        _ words: OperationWords, json: [UInt8] = [], milestones: [Milestone] = [], report: RunReport? = nil
    ) {
        self.words = words
        self.json = json
        self.milestones = milestones
        self.report = report
    }
}

/// How far an executor got.
package enum ActionStep: Hashable, Sendable {
    /// It is done.
    case done(ActionResult)
    /// It has failed, after something happened that is to be told: a deployment that ended in an error.
    case failed(ActionFailure, milestones: [Milestone])
    /// The provider works at it under `handle` (at most ``handleBytesMax`` bytes); it is followed, first after `pause`.
    case working(handle: String, OperationWords, milestones: [Milestone], pause: Duration)

    /// The longest handle.
    package static let handleBytesMax = 512
}

/// Carries out actions: one adapter to one provider's API, or a local command.
package protocol ActionExecutor: Sendable {
    /// How an operation remembers it: what was recorded for one is not begun by another.
    var carrier: OperationCarrier { get }

    /// What it would do. Pure: nobody is asked.
    ///
    /// - Throws: ``ActionFailure`` where the payload or the link is not what the action needs.
    func plan(_ call: ActionCall) throws(ActionFailure) -> ActionPlan

    /// Does it. Called once for what is sending; a call that cannot be told to have been refused or lost on its way there
    /// fails with ``ActionFailure/isOutcomeUnknown``.
    ///
    /// - Throws: ``ActionFailure``. Cancellation ends it early with whatever failure it meets.
    func perform(_ call: ActionCall) async throws(ActionFailure) -> ActionStep

    /// Looks how far it is. It only reads, so it may be called as often as wanted, by another process too.
    ///
    /// - Parameters:
    ///   - handle: The provider's name for it.
    ///   - call: The operation that it belongs to.
    /// - Returns: Where it stands.
    /// - Throws: ``ActionFailure`` when that cannot be told at the moment; it is asked again until the deadline.
    func follow(_ handle: String, _ call: ActionCall) async throws(ActionFailure) -> ActionStep
}

extension ActionExecutor {
    /// An adapter is part of the daemon.
    package var carrier: OperationCarrier { .builtIn }

    /// Most actions are over when they are answered.
    package func follow(_ handle: String, _ call: ActionCall) async throws(ActionFailure) -> ActionStep {
        throw ActionFailure(
            .internal, reason: "NOT_FOLLOWED", OperationWords("This action is over when it is answered."))
    }
}
