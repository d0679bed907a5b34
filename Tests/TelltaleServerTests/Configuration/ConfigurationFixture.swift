import TelltaleServer

/// A host with the users and groups that these tests name.
let knownAccounts = AccountDirectory(
    ownUserID: 900,
    userNamed: { ["root": 0, "www-data": 33, "deployer": 1001][$0] },
    groupNamed: { ["adm": 4, "telltale": 901][$0] })

/// A configuration that uses every key.
let fullConfiguration = """
    // Everything that can be said.
    {
        socket: { path: "/run/t/t.sock", group: "telltale", mode: "0600", directoryMode: "0700" },
        access: {
            users: { "www-data": "admin", "1002": 'viewer' },
            groups: { adm: "editor", },
        },
        limits: {
            connections: 100, perUid: 10, reservedForRoot: 2, callsPerConnection: 3, watchesPerConnection: 4,
            frameBytes: "1MiB", frameTimeout: "1s", writeTimeout: "2s", queuedBytes: 2097152, idleTimeout: "1m",
        },
        refresh: {
            ttl: "30s", jitter: .1, deadline: "1.5s", firstWait: "100ms", heartbeat: "5s",
            healthPing: "2m", forgetAfter: "24h", forceInterval: "2s",
        },
        retry: { retries: 1, initialDelay: "50ms", maxDelay: "1s", budget: 0.1 },
        breaker: {
            failures: 3, slowCall: "2s", slowCalls: 2, slowWindow: 0x4, coolDown: "10s", maxCoolDown: "1m", successes: 1,
        },
        store: { path: "/var/t.db", enabled: false, retry: "1s", keep: "48h", bytes: "64MiB" },
        log: { format: "json", level: "debug" },
        http: { caFile: "/etc/ca.pem", connectTimeout: "1s", totalTimeout: "5s" },
        statusPages: {
            enabled: false, github: "https://status.example.com/g", vercel: "https://status.example.com/v",
            sanity: "https://status.example.com/s", supabase: "https://status.example.com/d",
        },
        actions: {
            perMinute: 9, credentials: ["file:/etc/telltale/tokens/*", "oauth:acme"], apis: ["https://git.example.com/api/v3/"],
        },
        oauth: {
            acme: {
                tokenURL: "https://api.supabase.com/v1/oauth/token", clientID: "id", clientSecret: "env:SECRET",
                clientAuth: "body", tokenFile: "/var/lib/telltale/acme.json",
            },
        },
        /* one of each */
        projects: {
            "shop": {
                github: {
                    repo: "acme/shop",
                    credential: "file:/etc/telltale/token",
                },
            },
            "acme/blog.v2": {
                github: {
                    repo: "acme/blog", api: "https://git.example.com/api/v3/", credential: "credential:blog",
                    enabled: false,
                },
                hidden: { github: ["viewer", "editor"] },
            },
        },
    }
    """

/// Reads a text as the file `t.json5` on the host of ``knownAccounts``.
func parse(_ text: String) throws(ConfigurationError) -> Configuration {
    try Configuration.parse(Array(text.utf8), file: "t.json5", accounts: knownAccounts)
}

/// What is said about a text that must be refused, one line a mistake; empty when it is accepted.
func complaints(_ text: String) -> [String] {
    do throws(ConfigurationError) {
        _ = try parse(text)
        return []
    } catch {
        return error.mistakes.map(\.description)
    }
}
