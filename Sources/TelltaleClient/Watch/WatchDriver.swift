import LinuxSystem
import ProtobufMessages
import StatusModel
import StatusWire
import TTRPCCore
import TTRPCTransport

/// Does what its ``WatchSession`` says, one step for each element that the reader asks for. It lives on the client's loop.
actor WatchDriver {
    nonisolated var unownedExecutor: UnownedSerialExecutor { runtime.loop.asUnownedSerialExecutor() }

    /// What the reader is given, and from where a later watch may go on once that is dealt with.
    struct Step: Sendable {
        var update: StatusUpdate
        var position: EventID?
    }

    private struct OpenStream {
        let owned: OwnedConnection
        let messages: ClientStream
    }

    private nonisolated let channel: CallChannel
    private nonisolated let runtime: ClientRuntime
    private let target: WatchTarget
    private let arena = MessageArena(firstBlockBytes: 4 << 10)
    private var session: WatchSession
    private var generator = SystemRandomNumberGenerator()
    private var stream: OpenStream?
    /// What the last step gave and the reader has not taken: at most three.
    private var updates: [Step] = []
    /// Projects that the round of polling has still to read, the next one last; nil between rounds.
    private var unread: [ProjectID]?
    /// The digests of what polling gave, so that only changes are given again.
    private var polledHashes: [ProjectID: String] = [:]
    private var isOver = false

    init(channel: CallChannel, target: WatchTarget) {
        self.channel = channel
        runtime = channel.runtime
        self.target = target
        session = WatchSession(projects: target.projects, resumeAfter: target.resumeAfter)
    }

    /// The next update; nil once the task is cancelled, or after an error was thrown.
    func next() async throws(TelltaleError) -> Step? {
        session.listened(at: runtime.clock.now())
        while !isOver, !Task.isCancelled {
            if !updates.isEmpty { return updates.removeFirst() }
            if runtime.isClosed { try await finish(.clientClosed) }
            switch session.action {
            case .open(let position): await open(resumeAfter: position)
            case .receive(let deadline): await receive(until: deadline)
            case .wait(let instant):
                _ = await runtime.clock.result(before: instant) { [runtime] in await runtime.waitUntilClosed() }
                if runtime.clock.now() >= instant { session.waited() }
            case .poll: await poll()
            case .finish(let error): try await finish(error)
            }
            // What is given up is closed at once, whenever the reader comes for the next update.
            if case .receive = session.action { continue }
            await closeStream()
        }
        isOver = true
        await closeStream()
        return nil
    }

    private func finish(_ error: TelltaleError) async throws(TelltaleError) {
        isOver = true
        await closeStream()
        throw error
    }

    // Watching.

    private func open(resumeAfter position: EventID?) async {
        let request = WatchRequest(
            projectIDs: target.projects, resumeAfter: position, kinds: target.kinds,
            heartbeatInterval: WatchSession.heartbeatInterval)
        do throws(TelltaleError) {
            let owned = try runtime.connect()
            let messages: ClientStream
            do throws(RPCStatus) {
                messages = try await owned.connection.openStream(
                    service: RPCMethod.watch.service, method: RPCMethod.watch.name,
                    payload: request.encoded(in: arena), remoteOpen: true, metadata: runtime.configuration.metadata)
            } catch {
                throw TelltaleError(error)
            }
            stream = OpenStream(owned: owned, messages: messages)
            // Whatever the stream tells from here on makes them untrue.
            polledHashes = [:]
            session.opened(at: runtime.clock.now())
        } catch {
            failed(error)
        }
    }

    private func receive(until deadline: WatchSession.Instant) async {
        guard let messages = stream?.messages else { return failed(.streamEnded) }
        let received = await runtime.clock.result(before: deadline) { () -> Result<[UInt8]?, RPCStatus> in
            do throws(RPCStatus) { return .success(try await messages.next()) } catch { return .failure(error) }
        }
        switch received {
        case nil where Task.isCancelled: break
        case nil:
            if let update = session.silent(at: runtime.clock.now(), using: &generator) { give(update) }
        case .success(nil): failed(.streamEnded)
        case .success(let bytes?): take(bytes)
        case .failure(let status): failed(TelltaleError(status))
        }
    }

    private func take(_ bytes: [UInt8]) {
        do throws(WireError) {
            let message = try WatchMessage(decoding: bytes, in: arena)
            let before = session.position
            let news = session.received(message, at: runtime.clock.now(), using: &generator)
            // The position is that of the message itself, which is the last of them.
            updates += news.dropLast().map { Step(update: $0, position: before) }
            if let last = news.last { give(last) }
        } catch .unknownKind {
            // From a newer daemon: there is nothing in it for this client but that it lives.
            session.listened(at: runtime.clock.now())
        } catch {
            failed(TelltaleError(unreadable: error))
        }
    }

    private func failed(_ error: TelltaleError) {
        guard !Task.isCancelled, !runtime.isClosed else { return }
        if let update = session.failed(error, at: runtime.clock.now(), using: &generator) { give(update) }
    }

    private func give(_ update: StatusUpdate) { updates.append(Step(update: update, position: session.position)) }

    /// Closes this side's half first, so that the daemon ends the watch in order, and then the connection.
    private func closeStream() async {
        guard let open = stream else { return }
        stream = nil
        await open.messages.cancel()
    }

    // Polling.

    /// Reads one project of the round, or begins or ends the round: the reader gets each state before the next is read.
    private func poll() async {
        do throws(TelltaleError) {
            guard var rest = unread else {
                unread = try await projectsToPoll().reversed()
                return
            }
            guard let project = rest.popLast() else {
                unread = nil
                return session.polled(at: runtime.clock.now())
            }
            unread = rest
            try await read(project)
        } catch {
            unread = nil
            failed(error)
        }
    }

    /// Of all projects the first page, as many as a watch may name: what is polled is bounded.
    private func projectsToPoll() async throws(TelltaleError) -> [ProjectID] {
        if !target.projects.isEmpty { return target.projects }
        let page: ProjectPage = try await channel.call(.listProjects, timeout: nil) {
            [request = ListProjectsRequest()] in
            request.encoded(in: $0)
        }
        return page.projects.map(\.projectID)
    }

    private func read(_ project: ProjectID) async throws(TelltaleError) {
        let answer: StatusAnswer
        do throws(TelltaleError) {
            answer = try await channel.call(.getStatus, timeout: nil) {
                [request = GetStatusRequest(projectID: project)] in
                request.encoded(in: $0)
            }
        } catch  where error.code == .notFound && target.projects.isEmpty {
            // Removed since the list was read.
            return
        }
        guard let envelope = answer.envelope, polledHashes[project] != envelope.renderHash else { return }
        polledHashes[project] = envelope.renderHash
        give(.snapshot(envelope, asOf: nil))
    }
}

extension TelltaleError {
    fileprivate static let streamEnded = TelltaleError(.unavailable, "The daemon ended the watch.")
}
