package import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

extension StatusAnswer: WirePayload {
    package init(message: Telltale__V1__GetStatusResponse) throws(WireError) {
        let origin: AnswerOrigin? = try decodeMessage(message.answer, "answer")
        self.init(
            envelope: try decodeMessage(message.envelope, "envelope"), notModified: message.not_modified != 0,
            hash: try decodeText(message.hash, "hash"), source: origin?.source ?? .unrecognised, age: origin?.age,
            nextAttemptAt: origin?.nextAttemptAt, isRefreshing: origin?.isRefreshing ?? false,
            freshness: origin?.freshness ?? .unrecognised, error: origin?.error,
            isResumed: origin?.isResumed ?? false)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__GetStatusResponse> {
        let message = arena.make(telltale__v1__get_status_response__init)
        message.pointee.envelope = envelope?.message(in: arena)
        message.pointee.not_modified = notModified ? 1 : 0
        message.pointee.hash = arena.text(hash)
        let origin = AnswerOrigin(
            source: source, age: age, nextAttemptAt: nextAttemptAt, isRefreshing: isRefreshing, freshness: freshness,
            error: error, isResumed: isResumed)
        message.pointee.answer = origin.message(in: arena)
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__GetStatusResponse>? {
        arena.unpack(bytes, with: telltale__v1__get_status_response__unpack)
    }
}

/// How an answer came about: all of ``StatusAnswer`` that differs between two answers with the same view.
package struct AnswerOrigin: Hashable, Sendable {
    package var source: AnswerSource
    /// The age of the oldest configured item's content; nil while nothing is known.
    package var age: Duration?
    /// When the daemon refreshes next by itself, if it plans to.
    package var nextAttemptAt: UnixTime?
    /// A refresh of the project runs now.
    package var isRefreshing: Bool
    /// How old the content is, in a word.
    package var freshness: Freshness
    /// What the newest failed refresh met; nil once one has succeeded.
    package var error: RefreshError?
    /// The project was forgotten until this read.
    package var isResumed: Bool

    package init(
        source: AnswerSource, age: Duration? = nil, nextAttemptAt: UnixTime? = nil, isRefreshing: Bool = false,
        freshness: Freshness = .never, error: RefreshError? = nil, isResumed: Bool = false
    ) {
        self.source = source
        self.age = age
        self.nextAttemptAt = nextAttemptAt
        self.isRefreshing = isRefreshing
        self.freshness = freshness
        self.error = error
        self.isResumed = isResumed
    }

    /// The most that ``appendResponseSuffix(to:in:)`` writes but for the error's message: three tags and lengths, three
    /// enums, two bools, a duration and two timestamps of at most 22 bytes each.
    private static let plainSuffixBytesMax = 128

    /// The most that ``appendResponseSuffix(to:in:)`` writes.
    package var responseSuffixBytesMax: Int { Self.plainSuffixBytesMax + (error?.message.utf8.count ?? 0) }

    /// Writes the end of a `GetStatusResponse`, which follows ``EncodedView/responsePrefix`` or
    /// ``EncodedView/notModifiedPrefix(hash:in:)``, to the start of `buffer`. Allocates nothing.
    ///
    /// - Precondition: `buffer` holds ``responseSuffixBytesMax`` bytes.
    /// - Returns: how many bytes were written.
    package func appendResponseSuffix(to buffer: UnsafeMutableRawBufferPointer, in arena: MessageArena) -> Int {
        arena.scoped {
            let message = arena.make(telltale__v1__get_status_response__init)
            message.pointee.answer = self.message(in: arena)
            guard let byteCount = MessageArena.pack(message, into: buffer) else {
                preconditionFailure("a response suffix needs a buffer of \(responseSuffixBytesMax) bytes")
            }
            return byteCount
        }
    }
}

extension AnswerOrigin: WireMessage {
    package init(message: Telltale__V1__Answer) throws(WireError) {
        self.init(
            source: AnswerSource(wire: message.source) ?? .unrecognised, age: try decodeMessage(message.age, "age"),
            nextAttemptAt: try decodeMessage(message.next_attempt_at, "next_attempt_at"),
            isRefreshing: message.refreshing != 0, freshness: Freshness(wire: message.freshness) ?? .unrecognised,
            error: try decodeMessage(message.error, "error"), isResumed: message.resumed != 0)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__Answer> {
        let message = arena.make(telltale__v1__answer__init)
        message.pointee.source = source.wire
        message.pointee.age = age?.message(in: arena)
        message.pointee.next_attempt_at = nextAttemptAt?.message(in: arena)
        message.pointee.refreshing = isRefreshing ? 1 : 0
        message.pointee.freshness = freshness.wire
        message.pointee.error = error?.message(in: arena)
        message.pointee.resumed = isResumed ? 1 : 0
        return message
    }
}
