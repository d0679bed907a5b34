import Glibc
import LinuxSystem
import ProtobufMessages
import StatusModel
import StatusWire
import TTRPCTransport
import TelltaleClient
import TestSupport

/// Somebody who watches a daemon that comes and goes, and writes down what he is told.
struct ChaosWatcher: Sendable {
    enum Habit: Hashable, Sendable {
        /// Reads by the client library, which connects anew by itself.
        case client
        /// The same, and stops in the middle, to go on as another process would.
        case restartingClient
        /// The same as the first, and rests between two updates.
        case slowClient
        /// Opens bare streams, and closes them when he feels like it.
        case bareStreams
        /// The same, and reads nothing for a while in the middle of each.
        case pausingStreams
    }

    let record: WatchRecord
    let projects: [ProjectID]
    let kinds: [String]
    let habit: Habit
    let socketPath: String
    let seed: UInt64
    let isOver: @Sendable () -> Bool

    /// Returns once it is over.
    func run() async {
        if [.bareStreams, .pausingStreams].contains(habit) { await watchBare() } else { await watch() }
    }

    // By the library.

    private func watch() async {
        var generator = SeededGenerator(seed: seed)
        let client = TelltaleClient(
            configuration: .init(socketPath: socketPath, timeout: .seconds(20), environment: [:]), clock: .hurried)
        defer { client.close() }
        while !isOver() {
            var watch = client.watch(projects: projects, resumeAfter: record.place, kinds: kinds).makeAsyncIterator()
            do throws(TelltaleError) {
                while !isOver(), let update = try await watch.next() {
                    if update == .connection(.connected) { record.begin(behind: record.place) }
                    record.take(update, resumePosition: watch.resumePosition)
                    if habit == .slowClient, Int.random(in: 0..<20, using: &generator) == 0 {
                        await rest(milliseconds: Int32.random(in: 1...200, using: &generator))
                    }
                    if habit == .restartingClient, Int.random(in: 0..<30, using: &generator) == 0 { break }
                }
            } catch {
                // Refused for good: whoever waits for this watcher says so.
                return
            }
        }
    }

    // By hand.

    private func watchBare() async {
        var generator = SeededGenerator(seed: seed)
        guard let loop = try? EventLoop(), (try? loop.start(name: "test-watch")) != nil else { return }
        defer { loop.stop() }
        while !isOver() {
            let patience = Int.random(in: 1...(habit == .bareStreams ? 200 : 2_000), using: &generator)
            // Whatever ends a stream, the next one goes on behind it.
            try? await readStream(on: loop, messagesMax: patience)
            await rest(milliseconds: 5)
        }
    }

    private func readStream(on loop: EventLoop, messagesMax: Int) async throws {
        let arena = MessageArena()
        let place = record.place
        let request = WatchRequest(
            projectIDs: projects, resumeAfter: place, kinds: kinds, heartbeatInterval: .seconds(1))
        let connection = try await ClientConnection.connect(to: socketPath, loop: loop)
        let stream: ClientStream
        do {
            stream = try await connection.openStream(
                service: "telltale.v1.StatusService", method: "Watch", payload: request.encoded(in: arena),
                remoteOpen: true)
        } catch {
            await connection.close()
            throw error
        }
        record.begin(behind: place)
        do {
            var count = 0
            while count < messagesMax, !isOver(), let bytes = try await stream.next() {
                record.take(try WatchMessage(decoding: bytes, in: arena))
                count += 1
                if habit == .pausingStreams, count == 50 { await rest(milliseconds: 2_000) }
            }
        } catch {
            // The daemon was killed.
        }
        await stream.cancel()
        await connection.close()
    }
}

/// Lets time pass, where that and nothing else is the point.
func rest(milliseconds: Int32) async {
    await onItsOwnThread { _ = poll(nil, 0, milliseconds) }
}

/// Returns once the condition holds, or the task is cancelled; the test's time limit ends a vain wait.
func waitUntil(_ condition: () -> Bool) async {
    while !condition(), !Task.isCancelled { await rest(milliseconds: 5) }
}

extension ClientClock {
    /// Thirty times as fast: a reader who waits a minute for a daemon would sleep through all that is to be tried.
    static let hurried: ClientClock = {
        let origin = ContinuousClock.now
        return ClientClock(
            now: { origin + origin.duration(to: .now) * 30 },
            sleep: { try await system.sleep(origin + origin.duration(to: $0) / 30) })
    }()
}
