package import StatusModel

/// A digest over bytes as lower-case hexadecimal. The core is pure, so its owner passes one in (SHA-256).
package typealias DigestFunction = @Sendable ([UInt8]) -> String

/// A view with the instant past which its words are no longer true.
package struct RenderedView: Hashable, Sendable {
    package var envelope: StatusEnvelope
    /// Ages, relative times, `stale` or a status change by then: render again.
    package var validUntil: ContinuousClock.Instant
    /// Monotonic instant of the oldest configured visible item's reading; nil while any such item has none.
    package var oldestReadingAt: ContinuousClock.Instant?

    package init(
        envelope: StatusEnvelope, validUntil: ContinuousClock.Instant, oldestReadingAt: ContinuousClock.Instant?
    ) {
        self.envelope = envelope
        self.validUntil = validUntil
        self.oldestReadingAt = oldestReadingAt
    }
}
