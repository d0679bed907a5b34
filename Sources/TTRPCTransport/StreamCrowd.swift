package import LinuxSystem

/// Streams of one loop that are all to be told of one thing.
///
/// Whoever keeps up has nothing to ask: its message is written for it, connection by connection, and it is not woken. So an
/// event costs each watcher of a thousand little more than its bytes.
package struct StreamCrowd {
    /// One stream, and what its speaker calls it.
    struct Member {
        let order: UInt64
        let name: UInt32
    }

    private(set) var members: [Member] = []

    /// - Parameter count: How many there may be.
    package init(upTo count: Int) { members.reserveCapacity(count) }

    package var isEmpty: Bool { members.isEmpty }

    /// Adds a stream. Neighbours of one connection are served with one write, so they come in their
    /// ``StreamWaker/order``.
    package mutating func add(order: UInt64, as name: UInt32) { members.append(Member(order: order, name: name)) }
}

/// What is said to a crowd. Confined to the crowd's loop.
package protocol CrowdSpeaker: AnyObject, Sendable {
    /// A member's turn has come: say what it is to be told, if that is still so, in one message at most.
    ///
    /// - Parameters:
    ///   - name: What the member was added as. It may be another's by now, whose stream has another `order`.
    ///   - order: Its stream's.
    ///   - sink: Where to say it.
    ///   - now: The loop's instant.
    /// - Returns: How the turn went.
    func speak(to name: UInt32, order: UInt64, into sink: StreamSink, now: LoopInstant) -> CrowdTurn
}

/// How a member's turn went.
package enum CrowdTurn: Sendable {
    /// It was told.
    case told
    /// It needs not be told any more.
    case passed
    /// It has to be asked itself: its stream is woken.
    case asked
}
