import LinuxSystem
import ProtobufMessages
package import StatusEngine
import StatusModel
import StatusWire
import Synchronization
import TTRPCCore
import TTRPCTransport

/// The daemon's own health by the protocol of gRPC: the whole (the empty name), `persistence`, and each provider.
package final class DaemonHealth: Sendable {
    /// The part that is what must survive the daemon: the store, and the files of renewed tokens.
    static let persistence = "persistence"

    private let engine: StatusEngine
    private let oauth: OAuthRefresher?
    private let isDraining = Atomic<Bool>(false)

    package init(engine: StatusEngine, oauth: OAuthRefresher? = nil) {
        self.engine = engine
        self.oauth = oauth
    }

    /// From now on the whole is not serving, so that callers look elsewhere.
    package func drain() { isDraining.store(true, ordering: .releasing) }

    func status(of part: String) -> ServingStatus {
        switch part {
        case "": isDraining.load(ordering: .acquiring) ? .notServing : .serving
        case Self.persistence: engine.isPersisting && oauth?.isPersisting ?? true ? .serving : .notServing
        default: ProviderKey(rawValue: part).map(status) ?? .serviceUnknown
        }
    }

    var all: HealthList {
        let parts = ["", Self.persistence] + ProviderKey.allCases.map(\.rawValue)
        return HealthList(statuses: Dictionary(uniqueKeysWithValues: parts.map { ($0, status(of: $0)) }))
    }

    private func status(of provider: ProviderKey) -> ServingStatus {
        engine.reachability.isReachable(provider) ? .serving : .notServing
    }

    /// `Check`.
    func check(_ request: HealthCheckRequest) throws(RPCStatus) -> ServingStatus {
        let status = status(of: request.service)
        guard status != .serviceUnknown else { throw Self.unknownPart }
        return status
    }

    private static let unknownPart = RPCStatus(
        .notFound,
        "There is no such part; there are the whole (an empty name), persistence, "
            + ProviderKey.allCases.map(\.rawValue).joined(separator: ", ") + ".")
}

/// `Health.Watch`: the status now, and again whenever it changes.
struct HealthWatchMethod: StreamMethod {
    let health: DaemonHealth

    func open(_ request: InboundRequest, waker: StreamWaker) throws(RPCStatus) -> any StreamSession {
        do throws(WireError) {
            let query = try HealthCheckRequest(decoding: request.payload, in: request.arena)
            return HealthWatch(health: health, part: query.service)
        } catch {
            throw CallErrors.invalid(error, in: request.arena)
        }
    }
}

private final class HealthWatch: StreamSession {
    /// How often the status is looked at; nobody announces it.
    private static let interval = Duration.seconds(1)

    private let health: DaemonHealth
    private let part: String
    private let arena = MessageArena(firstBlockBytes: 256)
    private var last: ServingStatus?
    private var isDraining = false

    init(health: DaemonHealth, part: String) {
        self.health = health
        self.part = part
    }

    func received(_ message: UnsafeRawBufferPointer) throws(RPCStatus) {
        throw RPCStatus(.invalidArgument, "A health watch takes no messages after its request.")
    }

    func remoteClosed() -> Bool { true }

    func pull(into sink: StreamSink, now: LoopInstant) -> PullOutcome {
        let status = health.status(of: part)
        if status != last {
            last = status
            status.encoded(in: arena).withUnsafeBytes { sink.send($0) }
        }
        return isDraining ? .finished : .idle(until: now.advanced(by: Self.interval))
    }

    func drain() { isDraining = true }

    func closed() {}
}
