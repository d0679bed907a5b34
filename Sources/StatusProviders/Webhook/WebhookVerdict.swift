import StatusModel

/// Whether a delivery is genuine. Why it is not is for the log alone: whoever made it up learns nothing.
package enum WebhookVerdict: String, Hashable, Sendable {
    case genuine
    /// The signature did not come, or more than once.
    case unsigned
    /// It is not written as the provider writes it.
    case malformed
    /// It was signed too long ago, or for later.
    case untimely
    /// None of the secrets made it.
    case mismatched

    /// How far the instant at which a delivery was signed may lie from now, where it is signed as well.
    package static let replayWindow = Duration.seconds(300)

    static func isTimely(_ signedAt: UnixTime, at now: UnixTime) -> Bool {
        let age = now.since(signedAt)
        return age <= replayWindow && age >= .zero - replayWindow
    }
}
