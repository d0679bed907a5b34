import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A peer that breaks the protocol", .timeLimit(.minutes(2)))
    struct HostilePeerTests {
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        private static let limits = #"limits: { frameTimeout: "300ms" },"#

        /// What no well-behaved client sends. The daemon closes on each of them, or waits for the rest until its time is over.
        private static let openings: [(name: String, bytes: [UInt8])] = [
            ("three bytes of a header, then silence", [0, 0, 0]),
            ("a header, then silence", RawFrame.header(dataByteCount: 10, type: 1)),
            ("half a request, then silence", Array(RawFrame.request("GetStatus", project: "shop").dropLast(5))),
            ("a frame over the limit", RawFrame.header(dataByteCount: 4 << 20 | 1, type: 1)),
            ("the largest length there is", RawFrame.header(dataByteCount: .max, type: 1)),
            ("another protocol", Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)),
            ("0xFF all over", [UInt8](repeating: 0xFF, count: 4096)),
        ]

        @Test("is cut off, and nobody else notices", arguments: openings.indices)
        func opening(index: Int) async throws {
            let daemon = try await stage.startDaemon(more: Self.limits)
            let client = daemon.client()
            let before = try await client.status(of: .shop).hash
            let peer = try RawConnection(daemon.socketPath)
            peer.send(Self.openings[index].bytes)
            #expect(await peer.bytesUntilClosed() != nil, "\(Self.openings[index].name): it is still connected")
            #expect(try await client.status(of: .shop).hash == before)
            #expect(daemon.process.state.ending == nil)
        }

        @Test("is survived, whatever bytes it sends", arguments: [UInt64(1), 2, 3])
        func noise(seed: UInt64) async throws {
            let daemon = try await stage.startDaemon(more: Self.limits)
            let client = daemon.client()
            _ = try await client.status(of: .shop)
            var generator = SeededGenerator(seed: seed)
            let valid = RawFrame.request("GetStatus", project: "shop")
            for _ in 0..<64 {
                let peer = try RawConnection(daemon.socketPath)
                // Pure noise never gets past the length of its first frame, so half of it is a request with bytes changed.
                var bytes = valid
                if Bool.random(using: &generator) {
                    bytes = (0..<Int.random(in: 1...2048, using: &generator)).map { _ in
                        .random(in: 0...255, using: &generator)
                    }
                } else {
                    for _ in 0..<Int.random(in: 1...8, using: &generator) {
                        bytes[Int.random(in: 4..<bytes.count, using: &generator)] = .random(
                            in: 0...255, using: &generator)
                    }
                }
                peer.send(bytes)
            }
            #expect(try await client.status(of: .shop).envelope?.overall == .connected, "seed \(seed)")
            let another = daemon.client()
            #expect(try await another.status(of: .shop).envelope?.overall == .connected, "seed \(seed)")
            #expect(daemon.process.state.ending == nil, "seed \(seed)")
        }

        @Test("hears what was wrong where the connection can go on, and is answered when it does right")
        func violation() async throws {
            let daemon = try await stage.startDaemon()
            let peer = try RawConnection(daemon.socketPath)
            peer.send(RawFrame.header(dataByteCount: 0, streamID: 2, type: 1))
            #expect(String(decoding: try #require(await peer.nextFrame()), as: UTF8.self).contains("odd"))
            peer.send(RawFrame.request("GetStatus", project: "no-such-project"))
            #expect(String(decoding: try #require(await peer.nextFrame()), as: UTF8.self).contains("PROJECT_UNKNOWN"))
        }

        @Test("one request by hand is answered like any other")
        func byHand() async throws {
            let daemon = try await stage.startDaemon()
            let peer = try RawConnection(daemon.socketPath)
            peer.send(RawFrame.request("GetStatus", project: "shop"))
            let answer = String(decoding: try #require(await peer.nextFrame()), as: UTF8.self)
            #expect(answer.contains("acme/shop"))
        }
    }
}
