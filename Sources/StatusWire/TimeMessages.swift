package import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

/// `google.protobuf.Timestamp`. It reaches from the year 1 to 9999; what ``UnixTime`` cannot hold of it is clamped.
extension UnixTime: WireMessage {
    /// 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z, the range that the message is defined for.
    private static let secondsRange: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    package init(message: Google__Protobuf__Timestamp) throws(WireError) {
        guard Self.secondsRange.contains(message.seconds) else {
            throw WireError(field: "seconds", reason: "must lie in the years 1 to 9999")
        }
        guard 0...999_999_999 ~= message.nanos else {
            throw WireError(field: "nanos", reason: "must be 0 to 999999999")
        }
        let sinceEpoch = Duration.seconds(message.seconds) + .nanoseconds(Int64(message.nanos))
        self.init(nanoseconds: sinceEpoch.saturatedNanoseconds)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Google__Protobuf__Timestamp> {
        let message = arena.make(google__protobuf__timestamp__init)
        message.pointee.seconds = seconds
        // Counted from the floor, so it is never negative.
        let remainder = nanoseconds % 1_000_000_000
        message.pointee.nanos = Int32(remainder < 0 ? remainder + 1_000_000_000 : remainder)
        return message
    }
}

/// `google.protobuf.Duration`. Cut to nanoseconds, and to the 10,000 years that the message is defined for.
extension Duration: WireMessage {
    private static let secondsMax: Int64 = 315_576_000_000

    package init(message: Google__Protobuf__Duration) throws(WireError) {
        guard -Self.secondsMax...Self.secondsMax ~= message.seconds else {
            throw WireError(field: "seconds", reason: "must lie within ±\(Self.secondsMax)")
        }
        guard -999_999_999...999_999_999 ~= message.nanos else {
            throw WireError(field: "nanos", reason: "must lie within ±999999999")
        }
        guard message.seconds == 0 || message.nanos == 0 || (message.seconds < 0) == (message.nanos < 0) else {
            throw WireError(field: "nanos", reason: "must have the sign of seconds")
        }
        self.init(
            secondsComponent: message.seconds, attosecondsComponent: Int64(message.nanos) * 1_000_000_000)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Google__Protobuf__Duration> {
        let message = arena.make(google__protobuf__duration__init)
        let (seconds, attoseconds) = components
        let isRepresentable = -Self.secondsMax...Self.secondsMax ~= seconds
        message.pointee.seconds = min(max(seconds, -Self.secondsMax), Self.secondsMax)
        message.pointee.nanos = isRepresentable ? Int32(attoseconds / 1_000_000_000) : 0
        return message
    }
}
