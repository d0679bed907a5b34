import LinuxSystem
import TTRPCCore

// The end of a peer that does not read.
extension ServerLoop {
    /// What the kernel counts for a byte that waits in a socket, at most, and for the two writes.
    private static func socketBytes(for count: Int) -> Int { count + count / 8 + 16 << 10 }

    /// Ends the streams of a connection that has taken nothing for the write timeout, and says why as its last words.
    ///
    /// A socket reports room only when most of it is free, so one that is read slowly is tried first.
    func cutOffUnlessRead(_ connection: ServerConnection) {
        writePending(connection)
        guard !connection.isClosed, connection.isStuck(at: loop.now, limits: limits), !connection.streams.isEmpty else {
            return
        }
        let streams = connection.streams.all
        output.reset()
        for stream in streams {
            let sink = StreamSink(output: output, streamID: stream.id, limit: limits.streamBytesPerWrite)
            let status = stream.session.cutOff(into: sink)
            end(connection, stream.id)
            respond(stream.id, status)
        }
        let told = sendLastWords(to: connection)
        output.reset()
        observer?.streamsCutOff(connection.peer.credentials, count: streams.count, told: told)
    }

    /// Sends all that waits and the loop's output behind it, if the socket's buffer can be enlarged to hold both: half of
    /// it would be worth nothing.
    private func sendLastWords(to connection: ServerConnection) -> Bool {
        connection.output.append(output.bytes)
        let needed = Self.socketBytes(for: connection.output.count)
        guard UnixSocket.makeRoom(in: connection.descriptor, for: needed) else { return false }
        switch connection.output.withBytes({ SystemCalls.send(connection.descriptor, $0) }) {
        case .bytes(let count): return count == connection.output.count
        case .wouldBlock, .endOfStream, .failed: return false
        }
    }
}
