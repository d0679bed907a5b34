import Locks
import StatusModel
import Synchronization
import TestSupport

/// What one test plays on: a directory, a simulated GitHub, and the daemons that it starts. All of it ends with this
/// object, which a suite holds for each of its tests.
final class Stage: Sendable {
    /// The simulator's repository `acme/shop`, as a project.
    static let shop = #"shop: { github: { repo: "acme/shop", api: "$API", credential: "$TOKEN" } }"#

    /// The same, with the secret that signs its webhooks.
    static let hooked =
        #"shop: { github: { repo: "acme/shop", api: "$API", credential: "$TOKEN", webhookSecret: "$HOOK" } }"#

    /// A project with nothing to read, for ``TelltaleClient/TelltaleClient/waitUntilKept()``.
    static let bystander = "bystander: {}"

    /// All that the simulator plays: four providers and two services, of which `nightly` is asleep and Vercel's production
    /// has failed.
    static let everything = """
        shop: {
          github: { repo: "acme/shop", api: "$API", credential: "$TOKEN" },
          vercel: { project: "shop", api: "$API/vercel", credential: "$VERCEL" },
          sanity: {
            project: "simsanity", dataset: "production", api: "$API/sanity", dataApi: "$API/sanity",
            credential: "$SANITY",
          },
          supabase: {
            ref: "abcdefghijklmnopqrst", api: "$API/supabase", url: "$API/supabase/project/abcdefghijklmnopqrst",
            credential: "$SUPABASE", projectKey: "$KEY",
          },
          services: {
            worker: { url: "$API/services/worker/health", allowLocal: true },
            nightly: { url: "$API/services/nightly/health", allowLocal: true },
          },
        }
        """

    /// The simulator's secrets, by what stands for them in ``everything``.
    static let secrets = [
        "$TOKEN": "sim-token", "$VERCEL": "sim-vercel-token", "$SANITY": "sim-sanity-token",
        "$SUPABASE": "sim-supabase-token", "$KEY": "sb_secret_sim",
        "$HOOK": WebhookSamples.secret,
    ]

    let directory: TemporaryDirectory
    let simulator: RunningSimulator
    private let daemons = Lock<[RunningDaemon]>([])

    /// Starts the simulator with its example: `acme/shop`, pushed to two minutes ago, and the token `sim-token`.
    init() async throws {
        directory = try TemporaryDirectory()
        simulator = try await RunningSimulator(in: directory)
    }

    var socketPath: String { "\(directory.path)/telltale.sock" }

    /// Where its daemons keep what survives them, unless a test says otherwise.
    var storePath: String { "\(directory.path)/telltale.db" }

    /// Starts a daemon and waits until it serves. `projects`, `refresh` and `more` are members of the configuration and of
    /// its sections; in `projects`, `$API` stands for the simulator, and each name of ``secrets`` for a file that holds it.
    /// Daemons of one stage have one store, of which a later one begins with what an earlier one left.
    func startDaemon(
        projects: String = Stage.shop, refresh: String = Refresh.onDemand, more: String = "", store: String? = nil,
        environment: [String: String] = [:], surroundings: Surroundings = .none
    ) async throws -> RunningDaemon {
        let daemon = try launchDaemon(
            projects: projects, refresh: refresh, more: more, store: store, environment: environment,
            surroundings: surroundings)
        try await daemon.waitUntilServing()
        return daemon
    }

    /// As ``startDaemon(projects:refresh:more:store:environment:surroundings:)``, for one that may never serve.
    func launchDaemon(
        projects: String = Stage.shop, refresh: String = Refresh.onDemand, more: String = "", store: String? = nil,
        environment: [String: String] = [:], surroundings: Surroundings = .none
    ) throws -> RunningDaemon {
        let daemon = try RunningDaemon(
            launching: try configure(projects: projects, refresh: refresh, more: more), socketPath: socketPath,
            storePath: store ?? storePath, environment: environment, surroundings: surroundings)
        daemons.withLock { daemons in
            daemons.removeAll { $0.process.state.ending != nil }
            daemons.append(daemon)
        }
        return daemon
    }

    /// Writes the configuration, and gives its path.
    func configure(projects: String = Stage.shop, refresh: String = "", more: String = "") throws -> String {
        var projects = projects.replacing("$API", with: simulator.url)
        for (name, secret) in Self.secrets {
            let file = String(name.dropFirst().lowercased())
            projects = projects.replacing(name, with: "file:\(try directory.write("\(secret)\n", to: file))")
        }
        return try directory.write(
            """
            {
              // GitHub is a simulator on this host.
              log: { level: "debug" },
              refresh: { \(refresh) },
              \(more)
              projects: { \(projects) },
            }
            """, to: "telltale.json5")
    }
}

/// Refresh settings.
enum Refresh {
    /// Nothing is read anew by itself while a test runs, and whatever the test asks for is, as soon as can be.
    static let onDemand = #"ttl: "10m", forceInterval: "100ms""#
    /// As on demand, and the first answer waits for the read to end.
    static let patiently = onDemand + #", firstWait: "2.5s""#
    /// Every second, the shortest that the configuration takes.
    static let eagerly = #"ttl: "1s", jitter: 0"#
}
