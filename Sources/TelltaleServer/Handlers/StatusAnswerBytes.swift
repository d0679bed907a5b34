import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TTRPCTransport

/// One answer of `GetStatus`: the view's bytes, encoded once, and what differs from call to call.
struct StatusAnswerBytes {
    let view: PublishedView
    let source: AnswerSource
    let isRefreshing: Bool
    /// Whether the project was forgotten until this read.
    let isResumed: Bool
    /// The view, or the word that the caller has it already.
    let prefix: [UInt8]

    init(
        _ view: PublishedView, _ source: AnswerSource, _ isRefreshing: Bool, isResumed: Bool = false,
        ifNoneMatch: String
    ) {
        self.view = view
        self.source = source
        self.isRefreshing = isRefreshing
        self.isResumed = isResumed
        let isSame = !ifNoneMatch.isEmpty && ifNoneMatch == view.rendered.envelope.hash
        prefix = isSame ? view.notModified : view.encoded.responsePrefix
    }

    func origin(at now: Moment) -> AnswerOrigin {
        AnswerOrigin(
            source: source, age: view.rendered.oldestReadingAt == nil ? nil : view.rendered.age(at: now.instant),
            // The view may be kept beyond the instant that was planned when it was made.
            nextAttemptAt: view.nextAttemptAt.flatMap { $0 > now.wall ? $0 : nil }, isRefreshing: isRefreshing,
            freshness: view.rendered.freshness, error: view.rendered.envelope.lastRefreshError, isResumed: isResumed)
    }

    /// The message `GetStatusResponse`.
    func encoded(at now: Moment) -> [UInt8] {
        withSuffix(at: now, in: MessageArena(firstBlockBytes: 512)) { prefix + $0 }
    }

    /// The whole ttrpc response, for ``Reply/send(encodedResponse:)``.
    func encodedResponse(at now: Moment, in arena: MessageArena) -> [UInt8] {
        withSuffix(at: now, in: arena) { Reply.encodedResponse(prefix, $0) }
    }

    /// Lends the end of the message.
    func withSuffix<Result>(
        at now: Moment, in arena: MessageArena, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        let origin = origin(at: now)
        // On the stack but for a message of more than a kilobyte.
        return withUnsafeTemporaryAllocation(byteCount: origin.responseSuffixBytesMax, alignment: 8) { suffix in
            let count = origin.appendResponseSuffix(to: suffix, in: arena)
            return body(UnsafeRawBufferPointer(rebasing: suffix[..<count]))
        }
    }
}
