import FoundationEssentials
import StatusCore
import StatusModel
import TelltaleServer
import Testing

@Suite("A configuration")
struct ConfigurationTests {
    @Test("an empty object means every default of the specification")
    func defaults() throws {
        let configuration = try parse("{}")
        #expect(configuration == Configuration(access: AccessPolicy(ownUserID: 900)))
        #expect(configuration.limits.connectionsMax == 512)
        #expect(configuration.limits.connectionsPerUserMax == 64)
        #expect(configuration.limits.connectionsReservedForRoot == 4)
        #expect(configuration.limits.callsPerConnectionMax == 128)
        #expect(configuration.limits.watchesPerConnectionMax == 32)
        #expect(configuration.limits.frameBytesMax == 4_194_304)
        #expect(configuration.limits.frameTimeout == .seconds(5))
        #expect(configuration.limits.writeTimeout == .seconds(10))
        #expect(configuration.limits.queuedBytesMax == 4_194_304)
        #expect(configuration.limits.idleTimeout == .seconds(300))
        #expect(configuration.refresh.ttl == .seconds(15))
        #expect(configuration.refresh.jitter == 0.2)
        #expect(configuration.refresh.deadline == .milliseconds(2500))
        #expect(configuration.refresh.firstWait == .milliseconds(400))
        #expect(configuration.refresh.heartbeat == .seconds(15))
        #expect(configuration.retry.retriesMax == 2)
        #expect(configuration.store.isEnabled)
        #expect(configuration.store.path == nil)
        #expect(configuration.store.retryInterval == .seconds(5))
        #expect(configuration.store.keep == .seconds(86_400))
        #expect(configuration.store.bytesMax == 256 << 20)
        #expect(configuration.socket.mode == 0o660)
        #expect(configuration.socket.directoryMode == 0o750)
        #expect(configuration.projects.isEmpty)
    }

    @Test("every key is read")
    func full() throws {
        let configuration = try parse(fullConfiguration)
        #expect(configuration.socket.path == "/run/t/t.sock")
        #expect(configuration.socket.groupID == 901)
        #expect(configuration.socket.mode == 0o600)
        #expect(configuration.socket.directoryMode == 0o700)
        #expect(configuration.access.users == [0: .owner, 900: .owner, 33: .admin, 1002: .viewer])
        #expect(configuration.access.groups == [4: .editor])
        #expect(configuration.log.format == .json)
        #expect(configuration.log.level == .debug)
        #expect(configuration.http.caFile == "/etc/ca.pem")
        #expect(configuration.http.totalTimeout == .seconds(5))
        #expect(configuration.retry.budget == 0.1)
        #expect(configuration.breaker.slowWindow == 4)
        #expect(configuration.limits.frameBytesMax == 1 << 20)
        #expect(configuration.limits.queuedBytesMax == 2 << 20)
        #expect(configuration.refresh.deadline == .milliseconds(1500))
        #expect(configuration.refresh.jitter == 0.1)
    }

    @Test("no key of a table is left at its default by a file that sets them all")
    func everyFieldIsRead() throws {
        let configuration = try parse(fullConfiguration)
        expectNoDefault(configuration.limits)
        expectNoDefault(configuration.refresh)
        expectNoDefault(configuration.retry)
        expectNoDefault(configuration.breaker)
        expectNoDefault(configuration.store)
        expectNoDefault(configuration.log)
        expectNoDefault(configuration.http)
        expectNoDefault(configuration.statusPages)
        expectNoDefault(configuration.actions)
    }

    private func expectNoDefault<Section: TabularSection>(_ section: Section) {
        for field in Section.fields {
            #expect(field.render(section) != field.render(Section()), "\(Section.self).\(field.key)")
        }
    }

    @Test("projects come sorted by id, with their links and what is hidden")
    func projects() throws {
        let projects = try parse(fullConfiguration).projects
        let blog = try #require(ProjectID("acme/blog.v2"))
        let shop = try #require(ProjectID("shop"))
        #expect(
            projects == [
                ProjectDefinition(
                    id: blog,
                    links: [
                        .provider(.github): Link(
                            target: .github(
                                GitHubTarget(
                                    owner: "acme", repository: "blog", baseURL: "https://git.example.com/api/v3")),
                            credential: .systemd(name: "blog"), isEnabled: false)
                    ], hidden: [.provider(.github): [.viewer, .editor]]),
                ProjectDefinition(
                    id: shop,
                    links: [
                        .provider(.github): Link(
                            target: .github(GitHubTarget(owner: "acme", repository: "shop")),
                            credential: .file(path: "/etc/telltale/token"))
                    ]),
            ])
    }

    @Test("a byte order mark before the file does no harm")
    func byteOrderMark() throws {
        #expect(try parse("\u{FEFF}{log: {level: 'error'}}").log.level == .error)
    }

    @Test("the default gives root and the daemon's own user everything, and nobody else anything")
    func defaultConfiguration() {
        let own = AccountDirectory.system.ownUserID
        #expect(Configuration.default.access == AccessPolicy(ownUserID: own))
    }
}

@Suite("A configuration file", .timeLimit(.minutes(1)))
struct ConfigurationFileTests {
    @Test("a file is read from disk")
    func load() throws {
        let file = try TemporaryFile(Array("{log: {level: 'debug'}}".utf8))
        #expect(try Configuration.load(path: file.path).log.level == .debug)
    }

    @Test(
        "what cannot be read is one mistake that names the file",
        arguments: [
            ("/nonexistent/t.json5", "No such file"), ("/dev/null", "not a regular file"), ("/", "not a regular"),
        ])
    func unreadable(path: String, reason: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try Configuration.load(path: path) }
        #expect(error.mistakes.count == 1)
        #expect(error.description.hasPrefix("\(path): the configuration "))
        #expect(error.description.contains(reason))
    }

    @Test("a file over its bound is refused")
    func tooLong() throws {
        let file = try TemporaryFile([UInt8](repeating: UInt8(ascii: " "), count: Configuration.fileBytesMax + 1))
        let error = try #require(throws: ConfigurationError.self) { try Configuration.load(path: file.path) }
        #expect(error.description.hasSuffix("the configuration is longer than 64MiB"))
    }

    @Test("which file is read: the option, then the variable, then the standard place")
    func location() {
        let variable = ["TELLTALE_CONFIG": "/v"]
        #expect(ConfigurationLocation.resolve(option: "/o", environment: variable).path == "/o")
        #expect(ConfigurationLocation.resolve(option: "", environment: variable).path == "/v")
        let standard = ConfigurationLocation.resolve(environment: ["TELLTALE_CONFIG": ""])
        #expect(standard.path == "/etc/telltale/telltale.json5")
        #expect(!standard.isExplicit)
    }
}
