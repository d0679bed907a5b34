import LinuxSystem
import TTRPCCore

/// A crowd that is being told, from the member on whose turn is next.
struct WaitingCrowd {
    let members: [StreamCrowd.Member]
    let speaker: any CrowdSpeaker
    var next = 0

    var isDone: Bool { next == members.count }
}

extension StreamWaker {
    /// Tells a crowd of this stream's loop, soon and in slices, and not before the caller returns. A member whose socket takes
    /// nothing now, or whose connection has others waiting, is woken instead. On the loop only.
    package func tell(_ crowd: StreamCrowd, by speaker: any CrowdSpeaker) {
        server.assumeIsolated { $0.plan(crowd, speaker) }
    }

    /// Begins with the crowds of this stream's loop that wait to be told, rather than at the loop's next turn. On the loop
    /// only, and not within a pull.
    package func tellCrowdsNow() { server.assumeIsolated { $0.tellCrowds() } }
}

// What a crowd is told.
extension ServerLoop {
    /// So many more messages on one connection take about as long as one write.
    private static let messagesPerWrite = 16

    fileprivate func plan(_ crowd: StreamCrowd, _ speaker: any CrowdSpeaker) {
        guard !crowd.isEmpty else { return }
        crowds.append(WaitingCrowd(members: crowd.members, speaker: speaker))
        if crowds.count == 1 { loop.signal(self, token: Token.crowds) }
    }

    /// Tells a slice of those who wait: what came in meanwhile is read in between.
    func tellCrowds() {
        var turns = 0
        while turns < Self.pullsPerSlice, var crowd = crowds.first {
            turns += tellConnection(of: &crowd)
            if crowd.isDone { crowds.removeFirst() } else { crowds[0] = crowd }
        }
        if !crowds.isEmpty { loop.signal(self, token: Token.crowds) }
    }

    /// Tells the next member and its neighbours on the same connection, with one write as far as it holds them. Gives how
    /// many pulls of one message each take as long.
    private func tellConnection(of crowd: inout WaitingCrowd) -> Int {
        let (members, first) = (crowd.members, crowd.next)
        let index = members[first].connectionIndex
        crowd.next = members[first...].firstIndex { $0.connectionIndex != index } ?? members.count
        if index < connections.count, let connection = connections[index] {
            tell(members[first..<crowd.next], on: connection, by: crowd.speaker)
        }
        return 1 + (crowd.next - first) / Self.messagesPerWrite
    }

    private func tell(
        _ members: ArraySlice<StreamCrowd.Member>, on connection: ServerConnection, by speaker: any CrowdSpeaker
    ) {
        let frameBytesMax = FrameHeader.byteCount + speaker.messageBytesMax
        let membersPerWrite = max(1, limits.streamBytesPerWrite / frameBytesMax)
        var rest = members
        while !rest.isEmpty {
            guard connection.takesAtOnce else {
                for member in rest { wakeStream(member.order) }
                return
            }
            tellAtOnce(rest.prefix(membersPerWrite), on: connection, by: speaker)
            if output.count > 0 { flush(connection) }
            rest = rest.dropFirst(membersPerWrite)
        }
    }

    /// Writes for members whose messages the socket takes with one write. All of them are looked at first, and each message
    /// is taken in hand once for all neighbours who are told it.
    private func tellAtOnce(
        _ members: ArraySlice<StreamCrowd.Member>, on connection: ServerConnection, by speaker: any CrowdSpeaker
    ) {
        // Lent, so that it is allocated once for all crowds.
        var turns: [CrowdTurn] = []
        swap(&turns, &crowdTurns)
        defer {
            turns.removeAll(keepingCapacity: true)
            swap(&turns, &crowdTurns)
        }
        speaker.decide(members, at: loop.now, &turns)
        var first = members.startIndex
        while first < members.endIndex {
            let turn = turns[first - members.startIndex]
            var end = first + 1
            while end < members.endIndex, turns[end - members.startIndex] == turn { end += 1 }
            serve(members[first..<end], turn, on: connection, by: speaker)
            first = end
        }
    }

    private func serve(
        _ members: ArraySlice<StreamCrowd.Member>, _ turn: CrowdTurn, on connection: ServerConnection,
        by speaker: any CrowdSpeaker
    ) {
        switch turn {
        case .passed: break
        case .asked: for member in members { wakeStream(member.order) }
        case .told(let message):
            output.hasRefused = false
            let streams = connection.streams
            // Closures: a key path would be walked for each member.
            let open = members.lazy.map { $0.streamID }.filter { streams.contains($0) }
            speaker.withMessage(message) { output.appendFrames(.data, upTo: members.count, of: open, data: $0) }
            guard output.hasRefused else { return }
            for id in Array(open) { failTooLarge(id, on: connection) }
        }
    }
}

extension StreamCrowd.Member {
    fileprivate var connectionIndex: Int { Int(order >> 32) }
    fileprivate var streamID: StreamID { StreamID(UInt32(truncatingIfNeeded: order)) }
}

extension ServerConnection {
    /// Whether nothing waits before what is written now.
    fileprivate var takesAtOnce: Bool { !isClosed && output.isEmpty && pullQueue.isEmpty }
}
