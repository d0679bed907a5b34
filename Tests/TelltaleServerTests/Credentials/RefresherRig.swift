import FoundationEssentials
import HTTPClient
import Locks
import StatusCore
import StatusModel
import StatusProviders
import Synchronization
import TelltaleServer
import TestSupport

/// A refresher over token files of its own, a hand-driven clock and a hand-driven endpoint.
final class RefresherRig: Sendable {
    let time = ManualTime()
    let endpoint: ManualEndpoint
    let sink = RecordingLogSink()
    let directory: TemporaryDirectory
    let refresher: OAuthRefresher
    /// What readers hold: the way the engine goes.
    let credentials: CredentialReader
    private let changes = Lock<[CredentialReference]>([])

    init(_ names: [String] = ["acme"], _ script: ManualEndpoint.Script? = nil) throws {
        endpoint = ManualEndpoint(script)
        directory = try TemporaryDirectory()
        let logger = Logger(sink: sink) { UnixTime(seconds: 0) }
        refresher = OAuthRefresher(
            names.map { [directory] in Self.entry($0, file: directory.path("\($0).json")) },
            exchange: OAuthExchange(transport: endpoint, userAgent: "telltale/test"),
            secrets: CredentialReader(environment: ["CLIENT_SECRET": "canary-client"], logger: logger), time: time,
            logger: logger, generator: SeededGenerator(seed: 7))
        credentials = CredentialReader(environment: [:], logger: logger, oauth: refresher)
    }

    private static func entry(_ name: String, file: String, clientID: String = "client") -> OAuthEntry {
        OAuthEntry(
            name: name,
            client: OAuthClient(tokenURL: "https://id.example.com/token", clientID: clientID, authentication: .basic),
            clientSecret: .environment(name: "CLIENT_SECRET"), tokenFile: file)
    }

    /// An entry as it is made at the start, unless its file is another's or its client another.
    func entry(_ name: String, fileOf owner: String? = nil, clientID: String = "client") -> OAuthEntry {
        Self.entry(name, file: path(owner ?? name), clientID: clientID)
    }

    /// Which references were said to have changed.
    var changed: [CredentialReference] { changes.withLock { $0 } }

    func path(_ name: String = "acme") -> String { directory.path("\(name).json") }

    /// Stores tokens as a person does who has logged in.
    func logIn(_ name: String = "acme", _ access: String? = nil, _ refresh: String? = nil, expiresIn seconds: Int)
        throws
    {
        let tokens = OAuthTokenSet(
            accessToken: Secret(access ?? "canary-\(name)-1"), refreshToken: Secret(refresh ?? "canary-r-\(name)-1"),
            expiresAt: time.now.wall.advanced(by: .seconds(seconds)))
        try Data(tokens.json).write(to: URL(filePath: path(name)), options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path(name))
    }

    /// The tokens in the file.
    func stored(_ name: String = "acme") -> OAuthTokenSet? {
        FileManager.default.contents(atPath: path(name)).flatMap {
            try? OAuthTokenSet(json: Array($0), modifiedAt: UnixTime(seconds: 0))
        }
    }

    func secret(_ name: String = "acme") async throws(ProviderFailure) -> String {
        try await credentials.secret(for: .oauth(name: name)).reveal()
    }

    /// How a reader fails. If he waits for a refresh, time goes on until he has waited enough.
    func failure(_ name: String = "acme") async -> ProviderFailure? {
        await withTaskGroup(of: ProviderFailure?.self) { group in
            group.addTask {
                do throws(ProviderFailure) {
                    _ = try await self.secret(name)
                    return nil
                } catch {
                    return error
                }
            }
            group.addTask {
                await self.settle()
                while !Task.isCancelled {
                    self.time.advance(by: .milliseconds(500))
                    await self.settle()
                }
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    func version(_ name: String = "acme") async -> CredentialVersion? {
        await credentials.version(of: .oauth(name: name))
    }

    /// Runs the refresher as long as the body takes.
    func run(_ body: (RefresherRig) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await self.refresher.run { reference in self.changes.withLock { $0.append(reference) } }
            }
            defer { group.cancelAll() }
            try await body(self)
        }
    }

    /// Lets the refresher do all that it does without time going on.
    func settle() async {
        await settled { [endpoint] in
            let before = endpoint.requests.count
            await Task.yield()
            return endpoint.requests.count == before
        }
    }

    /// Moves the clock, and returns once the refresher has looked at what is due and set its alarm anew.
    func advance(by duration: Duration) async {
        time.advance(by: duration)
        await time.waitForSleepers(1)
        await settle()
    }

    /// Everything that was logged.
    var log: String { sink.records.map { "\($0)" }.joined(separator: "\n") }
}
