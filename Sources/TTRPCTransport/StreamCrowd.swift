package import LinuxSystem

/// Streams of one loop that are all to be told of one thing.
///
/// Whoever keeps up has nothing to ask: its message is written for it, connection by connection, and it is not woken. So an
/// event costs each watcher of a thousand little more than its bytes.
package struct StreamCrowd {
    /// One stream, and what its speaker calls it.
    package struct Member {
        /// Its ``StreamWaker/order``.
        package let order: UInt64
        /// It may be another's by now, whose stream has another `order`.
        package let name: UInt32

        package init(order: UInt64, name: UInt32) {
            self.order = order
            self.name = name
        }
    }

    /// In the order in which they were added.
    package private(set) var members: [Member] = []

    /// - Parameter count: How many there may be.
    package init(upTo count: Int) { members.reserveCapacity(count) }

    package var isEmpty: Bool { members.isEmpty }

    /// Adds a stream. Neighbours of one connection are served with one write, so they come in their
    /// ``StreamWaker/order``.
    package mutating func add(order: UInt64, as name: UInt32) { members.append(Member(order: order, name: name)) }
}

/// What is said to a crowd: a few messages, of which each member is told one or none. Confined to the crowd's loop.
package protocol CrowdSpeaker: AnyObject, Sendable {
    /// The length of the longest message, in bytes.
    var messageBytesMax: Int { get }
    /// Lends a message.
    func withMessage(_ number: Int, _ body: (UnsafeRawBufferPointer) -> Void)
    /// The turn of some members has come, neighbours on one connection. Whoever gets ``CrowdTurn/told(_:)`` is told at once.
    ///
    /// - Parameters:
    ///   - members: In their order.
    ///   - now: The loop's instant.
    ///   - turns: Empty; gets one turn for each member.
    func decide(_ members: ArraySlice<StreamCrowd.Member>, at now: LoopInstant, _ turns: inout [CrowdTurn])
}

/// What becomes of a member whose turn has come.
package enum CrowdTurn: Hashable, Sendable {
    /// It is told the message of this number.
    case told(Int)
    /// It needs not be told any more.
    case passed
    /// It has to be asked itself: its stream is woken.
    case asked
}
