import TelltaleServer
import Testing

/// A text with one mistake, and the beginning of the line that tells it.
struct MistakeCase: Sendable, CustomTestStringConvertible {
    var text: String
    var complaint: String

    init(_ text: String, _ complaint: String) {
        self.text = text
        self.complaint = complaint
    }

    var testDescription: String { complaint }
}

@Suite("A mistaken configuration")
struct ConfigMistakeTests {
    static let unknownKeys: [MistakeCase] = [
        .init("{\n limit: {}\n}", "t.json5:2: limit: unknown key; did you mean \"limits\"?"),
        .init("{\n colour: 1}", "t.json5:2: colour: unknown key; known here: socket, access,"),
        .init(
            "{limits: {\n\n conections: 1}}", "t.json5:3: limits.conections: unknown key; did you mean \"connections\"?"
        ),
        .init(
            "{projects: {shop: {\ngithub: {repo: 'a/b',\ntoken: 'x'}}}}",
            "t.json5:3: projects.shop.github.token: unknown"),
        .init(
            "{projects: {shop: {\ngitub: {}}}}", "t.json5:2: projects.shop.gitub: unknown key; did you mean \"github\"?"
        ),
        .init("{socket: {pth: '/x'}}", "t.json5:1: socket.pth: unknown key; did you mean \"path\"?"),
        .init("{access: {rules: []}}", "t.json5:1: access.rules: unknown key"),
        .init("{store: {\nfile: '/x'}}", "t.json5:2: store.file: unknown key; known here: path, enabled"),
        .init("{store: {path: 't.db'}}", "t.json5:1: store.path: expected an absolute path"),
        .init("{store: {path: '/var/lib/'}}", "t.json5:1: store.path: the store's path must name a file"),
    ]

    static let durations: [MistakeCase] = [
        .init("{refresh: {\nttl: 15}}", "t.json5:2: refresh.ttl: a duration needs its unit: write \"15s\""),
        .init("{refresh: {ttl: '15'}}", "t.json5:1: refresh.ttl: \"15\" is no duration"),
        .init("{refresh: {ttl: '15 s'}}", "t.json5:1: refresh.ttl: \"15 s\" is no duration"),
        .init("{refresh: {ttl: '-1s'}}", "t.json5:1: refresh.ttl: \"-1s\" is no duration"),
        .init("{refresh: {ttl: true}}", "t.json5:1: refresh.ttl: expected a duration such as \"15s\", found a boolean"),
        .init("{refresh: {ttl: '999h'}}", "t.json5:1: refresh.ttl: \"999h\" is outside 1s … 24h"),
        .init("{refresh: {ttl: '99999999999999999999h'}}", "t.json5:1: refresh.ttl: "),
        .init("{refresh: {deadline: '1s', firstWait: '2s'}}", "t.json5:1: refresh.firstWait: is longer than deadline"),
        .init("{http: {\ntotalTimeout: '1s'}}", "t.json5:1: http.connectTimeout: is longer than totalTimeout"),
        .init("{breaker: {coolDown: '11m'}}", "t.json5:1: breaker.coolDown: is longer than maxCoolDown"),
        .init("{retry: {initialDelay: '5s'}}", "t.json5:1: retry.initialDelay: is longer than maxDelay"),
    ]

    static let numbers: [MistakeCase] = [
        .init("{limits: {connections: 0}}", "t.json5:1: limits.connections: expected a whole number in 8 … 65536"),
        .init("{limits: {connections: 1e300}}", "t.json5:1: limits.connections: expected a whole number in"),
        .init("{limits: {connections: NaN}}", "t.json5:1: limits.connections: expected a whole number in"),
        .init("{limits: {connections: 10.5}}", "t.json5:1: limits.connections: expected a whole number in"),
        .init(
            "{limits: {connections: '10'}}", "t.json5:1: limits.connections: expected a whole number, found a string"),
        .init("{limits: {connections: 0x8, reservedForRoot: 8}}", "t.json5:1: limits.reservedForRoot: leaves no place"),
        .init("{limits: {frameBytes: '8MiB'}}", "t.json5:1: limits.frameBytes: the size is outside 16KiB … 4MiB"),
        .init("{limits: {frameBytes: '4MB'}}", "t.json5:1: limits.frameBytes: expected a size"),
        .init("{limits: {frameBytes: '99999999999999GiB'}}", "t.json5:1: limits.frameBytes: expected a size"),
        .init("{limits: {queuedBytes: '1MiB'}}", "t.json5:1: limits.queuedBytes: must be at least frameBytes"),
        .init("{refresh: {jitter: 0.9}}", "t.json5:1: refresh.jitter: expected a fraction in 0.0 … 0.5"),
        .init("{refresh: {jitter: NaN}}", "t.json5:1: refresh.jitter: expected a fraction in"),
        .init("{breaker: {slowCalls: 9}}", "t.json5:1: breaker.slowCalls: is more than slowWindow"),
        .init("{limits: []}", "t.json5:1: limits: expected an object { … }, found a list"),
        .init("{limits: null}", "t.json5:1: limits: expected an object { … }, found null"),
        .init("{log: {level: 'warn'}}", "t.json5:1: log.level: expected one of debug, info, notice, warning, error"),
        .init("{log: {format: 'jsn'}}", "t.json5:1: log.format: expected one of logfmt, json; did you mean \"json\"?"),
        .init("{http: {caFile: 'ca.pem'}}", "t.json5:1: http.caFile: expected an absolute path"),
    ]

    static let places: [MistakeCase] = [
        .init("{socket: {path: 't.sock'}}", "t.json5:1: socket.path: the socket path must be absolute"),
        .init(
            "{socket: {path: '/\(String(repeating: "x", count: 107))'}}",
            "t.json5:1: socket.path: the socket path is 108 bytes"),
        .init("{socket: {group: 'nobodys'}}", "t.json5:1: socket.group: there is no group \"nobodys\" on this host"),
        .init("{socket: {group: 1.5}}", "t.json5:1: socket.group: expected a group's name or number"),
        .init("{socket: {mode: 660}}", "t.json5:1: socket.mode: write the mode as octal digits in a string"),
        .init("{socket: {mode: '0888'}}", "t.json5:1: socket.mode: write the mode as octal"),
        .init("{socket: {mode: '04660'}}", "t.json5:1: socket.mode: write the mode as octal"),
        .init("{socket: {mode: '0060'}}", "t.json5:1: socket.mode: the daemon itself must"),
        .init("{access: {users: {\nmalory: 'admin'}}}", "t.json5:2: access.users.malory: there is no user \"malory\""),
        .init("{access: {users: {'4294967295': 'admin'}}}", "t.json5:1: access.users.4294967295: there is no user"),
        .init(
            "{access: {groups: {adm: 'amin'}}}",
            "t.json5:1: access.groups.adm: \"amin\" is no role; roles are owner, admin, editor, viewer; did you mean \"admin\"?"
        ),
        .init("{access: {groups: {adm: 3}}}", "t.json5:1: access.groups.adm: expected a role"),
        .init(
            "{access: {users: {'33': 'admin', 'www-data': 'viewer'}}}",
            "t.json5:1: access.users.www-data: is user 33, which another rule"),
    ]

    static let projects: [MistakeCase] = [
        .init("{projects: {\n'-x': {}}}", "t.json5:2: projects.-x: is no project id"),
        .init("{projects: {\n'': {}}}", "t.json5:2: projects.\"\": is no project id"),
        .init("{projects: {shop: {\ngithub: {}}}}", "t.json5:2: projects.shop.github: repo is missing"),
        .init(
            "{projects: {'a.b': {github: {repo: 'acme'}}}}",
            "t.json5:1: projects.\"a.b\".github.repo: \"acme\" is no repository; write \"owner/name\""),
        .init(
            "{projects: {a: {github: {repo: 'https://github.com/a/b'}}}}",
            "t.json5:1: projects.a.github.repo: \"https://github.com/a/b\" is no repository; write \"owner/name\", not the address"
        ),
        .init("{projects: {a: {github: {repo: 'a/..'}}}}", "t.json5:1: projects.a.github.repo: "),
        .init("{projects: {a: {github: {repo: 'a/b/c'}}}}", "t.json5:1: projects.a.github.repo: "),
        .init("{projects: {a: {github: {repo: 'a/b?x'}}}}", "t.json5:1: projects.a.github.repo: "),
        .init(
            "{projects: {a: {github: {repo: 7}}}}",
            "t.json5:1: projects.a.github.repo: expected a string, found a number"),
        .init(
            "{projects: {a: {github: {repo: 'a/b', enabled: 1}}}}",
            "t.json5:1: projects.a.github.enabled: expected true or false"),
        .init(
            "{projects: {a: {github: {repo: 'a/b',\n api: 'http://git.example.com'}}}}",
            "t.json5:2: projects.a.github.api: must be https://"),
        .init("{projects: {a: {hidden: {gitlab: ['viewer']}}}}", "t.json5:1: projects.a.hidden.gitlab: is no item"),
        .init(
            "{projects: {a: {hidden: {github: []}}}}",
            "t.json5:1: projects.a.hidden.github: expected a list of the roles"),
        .init(
            "{projects: {a: {hidden: {github: [\n'viewer',\n'boss']}}}}",
            "t.json5:3: projects.a.hidden.github[1]: \"boss\" is no role"),
        .init(
            "{projects: {a: {\ngithub: {repo: 'a/b'},\ngithub: {repo: 'a/c'}}}}",
            "t.json5:3: projects.a.github: stands here twice; the first is on line 2"),
        .init("{projects: {a: {}, \n\"\\u0061\": {}}}", "t.json5:2: projects.a: stands here twice"),
    ]

    @Test(
        "each mistake is told with file, line and path",
        arguments: unknownKeys + durations + numbers + places + projects)
    func oneMistake(_ example: MistakeCase) throws {
        let found = complaints(example.text)
        #expect(found.count == 1, "\(found)")
        #expect(try #require(found.first).hasPrefix(example.complaint), "\(found)")
    }

    @Test("all mistakes are told at once, in the order of the file")
    func allMistakes() {
        let found = complaints(
            """
            {
                limits: { connections: 0, },
                log: { levle: "info" },
                projects: {
                    shop: { github: { repo: "shop", credential: "secret" } },
                },
                refresh: { ttl: 15 },
            }
            """)
        #expect(
            found.map { $0.split(separator: " ").prefix(2).joined(separator: " ") } == [
                "t.json5:2: limits.connections:", "t.json5:3: log.levle:",
                "t.json5:5: projects.shop.github.credential:",
                "t.json5:5: projects.shop.github.repo:", "t.json5:7: refresh.ttl:",
            ])
    }

    @Test("very many mistakes are told up to a bound, and the rest counted")
    func manyMistakes() {
        let projects = (0..<1_500).map { "p\($0): 1" }.joined(separator: ",\n")
        let found = complaints("{projects: {\(projects)}}")
        #expect(found.count == 1_001)
        #expect(found.last == "t.json5: and 500 more mistakes")
    }

    @Test("more projects than one daemon serves are refused as one mistake")
    func manyProjects() {
        let projects = (0...100_000).map { "p\($0):{}" }.joined(separator: ",")
        #expect(
            complaints("{projects: {\(projects)}}") == [
                "t.json5:1: projects: 100001 projects are more than the 100000 of one daemon"
            ])
    }

    @Test(
        "a credential that is no reference is refused without being repeated",
        arguments: [
            "ghp_0123456789abcdefABCDEF", "file:token", "file:", "env:", "env:9A", "env:A-B", "credential:../x",
            "credential:a/b", "credential:", "vault:x", "file:/etc/\\u0007", "file:/etc/",
        ])
    func credentials(_ text: String) throws {
        let found = complaints("{projects: {a: {github: {repo: 'a/b', credential: '\(text)'}}}}")
        let complaint = try #require(found.first)
        #expect(found.count == 1)
        #expect(complaint.hasPrefix("t.json5:1: projects.a.github.credential: "))
        #expect(complaint.contains("never the secret itself"))
        #expect(!complaint.contains("ghp_"))
    }

    @Test("a relative credential file is named as such")
    func relativeCredential() {
        let found = complaints("{projects: {a: {github: {repo: 'a/b', credential: 'file:token'}}}}")
        #expect(found.first?.contains("the path after file: must be absolute") == true)
    }

    @Test("a hostile name cannot forge a line of the report")
    func hostileNames() throws {
        let found = complaints(#"{"x\ny: t.json5:9: ok\u001b[2J": 1}"#)
        let complaint = try #require(found.first)
        #expect(complaint.unicodeScalars.allSatisfy { $0.value >= 0x20 })
        #expect(complaint.hasPrefix(#"t.json5:1: "x\ny: t.json5:9: ok\u001b[2J": unknown key"#))
    }
}
