import StatusModel

extension WatchMessage {
    /// `WatchResponse.collapsed`, encoded: appended to the bytes of a message it is part of it. So an event that all
    /// watchers share can tell one of them what it alone was not sent.
    static func collapsedField(_ count: UInt64) -> [UInt8] {
        var bytes: [UInt8] = [6 << 3]
        var rest = count
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
        return bytes
    }
}
