package import StatusModel

/// Words for all who may look, and words of which some roles see less (SPEC §8).
package struct OperationWords: Hashable, Sendable {
    /// For everybody but viewers.
    package var full: String
    /// Free of names and addresses.
    package var generic: String

    package init(_ full: String, generic: String) {
        self.full = full
        self.generic = generic
    }

    /// The same for all: they name nothing.
    package init(_ words: String) { self.init(words, generic: words) }
}

/// All that is known of one run of an action: what was asked for, and how far it is.
///
/// It moves by its own functions alone, each from a stage in which it may. They take the time and do nothing else.
package struct OperationRecord: Hashable, Sendable {
    /// How far it is, as a restarted daemon must know it.
    package enum Stage: Hashable, Sendable {
        /// Recorded. Nothing was sent, or nothing that changes anything: it may be begun, and begun again.
        case recorded
        /// What cannot be taken back may have been sent. Found so after a crash, nobody knows what became of it.
        case sent
        /// The provider has taken it and works at it, under this name of its own. It can be followed by anybody.
        case accepted(handle: String)
        case succeeded
        case failed(ActionFailure)
        case unknownOutcome(ActionFailure)
    }

    /// Its name, unique on this host.
    package var id: String
    package var item: ItemReference
    package var action: IntegrationAction
    /// Who asked for it, and under which key.
    package var name: OperationName
    /// On whose behalf, in words.
    package var requestedBy: String
    /// The digest of the request (``ActionRequest/fingerprintBytes``).
    package var fingerprint: String
    /// The parameters, as they came.
    package var payload: [UInt8]
    package var footing: OperationFooting
    package var carrier: OperationCarrier
    package var createdAt: Moment
    package private(set) var updatedAt: Moment
    /// Nil while it is not over.
    package private(set) var endedAt: Moment?
    package private(set) var stage: Stage = .recorded
    /// Whether it has been begun in this process. Not kept: what was recorded and begun is as good as recorded.
    package private(set) var isBegun = false
    /// The newest progress.
    package private(set) var words: OperationWords
    /// What it gave, as one JSON object.
    package private(set) var result: [UInt8] = []
    /// Grows with each move.
    package private(set) var version: UInt64 = 1

    package init(
        id: String, item: ItemReference, action: IntegrationAction, name: OperationName, requestedBy: String,
        fingerprint: String, payload: [UInt8], footing: OperationFooting = .unknown,
        carrier: OperationCarrier = .unknown, createdAt: Moment, words: OperationWords
    ) {
        self.id = id
        self.item = item
        self.action = action
        self.name = name
        self.requestedBy = requestedBy
        self.fingerprint = fingerprint
        self.payload = payload
        self.footing = footing
        self.carrier = carrier
        self.createdAt = createdAt
        updatedAt = createdAt
        self.words = words
    }

    package var isOver: Bool { state.isOver }

    /// What readers are told.
    package var state: OperationState {
        switch stage {
        case .recorded: isBegun ? .running : .pending
        case .sent, .accepted: .running
        case .succeeded: .succeeded
        case .failed: .failed
        case .unknownOutcome: .unknownOutcome
        }
    }

    /// Why it failed, or why its outcome is unknown.
    package var failure: ActionFailure? {
        switch stage {
        case .failed(let failure), .unknownOutcome(let failure): failure
        case .recorded, .sent, .accepted, .succeeded: nil
        }
    }
}

// Its moves. Each says whether it was one: what is over stays as it is.
extension OperationRecord {
    /// It begins. What may change something elsewhere is `sent` from now on, and that must be durable before it is.
    @discardableResult
    package mutating func begin(sending: Bool, at now: Moment) -> Bool {
        guard case .recorded = stage else { return false }
        isBegun = true
        if sending { stage = .sent }
        move(at: now)
        return true
    }

    /// It was not sent after all, so it may be begun again. To readers it runs on.
    @discardableResult
    package mutating func takeBack(at now: Moment) -> Bool {
        guard case .sent = stage else { return false }
        stage = .recorded
        move(at: now)
        return true
    }

    /// The provider has taken it, and works at it under `handle`.
    @discardableResult
    package mutating func accept(handle: String, _ words: OperationWords, at now: Moment) -> Bool {
        guard !isOver else { return false }
        stage = .accepted(handle: handle)
        self.words = words
        move(at: now)
        return true
    }

    /// It is on its way. The same words again are no move.
    @discardableResult
    package mutating func progress(_ words: OperationWords, at now: Moment) -> Bool {
        guard !isOver, words != self.words else { return false }
        self.words = words
        move(at: now)
        return true
    }

    @discardableResult
    package mutating func succeed(_ words: OperationWords, result: [UInt8] = [], at now: Moment) -> Bool {
        end(.succeeded, words, result, at: now)
    }

    /// It failed; or, where the failure came between the sending and the answer, nobody knows.
    @discardableResult
    package mutating func fail(_ failure: ActionFailure, at now: Moment) -> Bool {
        end(failure.isOutcomeUnknown ? .unknownOutcome(failure) : .failed(failure), failure.message, [], at: now)
    }

    private mutating func end(_ stage: Stage, _ words: OperationWords, _ result: [UInt8], at now: Moment) -> Bool {
        guard !isOver else { return false }
        self.stage = stage
        self.words = words
        self.result = result
        endedAt = now
        move(at: now)
        return true
    }

    private mutating func move(at now: Moment) {
        updatedAt = now
        version += 1
    }
}

extension OperationRecord {
    /// As the store kept it.
    package init(
        restoring record: OperationRecord, stage: Stage, updatedAt: Moment, endedAt: Moment?, result: [UInt8],
        version: UInt64
    ) {
        self = record
        self.stage = stage
        self.updatedAt = updatedAt
        self.endedAt = endedAt
        self.result = result
        self.version = version
    }
}

/// By what a repeated request is known: the same key of the same owner.
package struct OperationName: Hashable, Sendable {
    /// Whose key it is (``ActionActor/identity``).
    package var owner: String
    /// A UUID in lower case.
    package var key: String

    package init(owner: String, key: String) {
        self.owner = owner
        self.key = key
    }
}
