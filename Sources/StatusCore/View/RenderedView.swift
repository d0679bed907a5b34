package import StatusModel

/// A digest over bytes as lower-case hexadecimal. The core is pure, so its owner passes one in (SHA-256).
package typealias DigestFunction = @Sendable ([UInt8]) -> String

/// A view with the instant past which its words are no longer true, and with what a reader's contract is judged by.
package struct RenderedView: Hashable, Sendable {
    package var envelope: StatusEnvelope
    /// Ages, relative times, `stale` or a status change by then: render again.
    package var validUntil: ContinuousClock.Instant
    /// Monotonic instant of the oldest content among the configured visible items; a failure that stands in the place
    /// of content counts as such. Nil while nothing is known of any of them.
    package var oldestReadingAt: ContinuousClock.Instant?
    /// Whether some configured visible item is still being checked.
    package var isChecking: Bool
    /// When the first time to live among those items ends; nil while none runs.
    package var expiresAt: ContinuousClock.Instant?
    /// From when on a refresh can bring something new: past both an item's time to live and, after a failure, the
    /// instant of its next attempt. Nil when there is nothing to refresh.
    package var refreshDueAt: ContinuousClock.Instant?
    /// How old the content is, in a word. True as long as the view is.
    package var freshness: Freshness

    package init(
        envelope: StatusEnvelope, validUntil: ContinuousClock.Instant, oldestReadingAt: ContinuousClock.Instant?,
        isChecking: Bool = false, expiresAt: ContinuousClock.Instant? = nil,
        refreshDueAt: ContinuousClock.Instant? = nil, freshness: Freshness = .never
    ) {
        self.envelope = envelope
        self.validUntil = validUntil
        self.oldestReadingAt = oldestReadingAt
        self.isChecking = isChecking
        self.expiresAt = expiresAt
        self.refreshDueAt = refreshDueAt
        self.freshness = freshness
    }
}

extension RenderedView {
    /// The same without the items and what is told of them: what is left judges an answer, and takes a tenth.
    package var withoutItems: Self {
        var view = self
        (view.envelope.items, view.envelope.services) = ([], [])
        (view.envelope.nextActions, view.envelope.lastRuns) = ([], [])
        return view
    }
}
