import FoundationEssentials
import StatusCore
import StatusModel
import TelltaleServer
import Testing

/// What ships beside the program says the same as the program.
@Suite("The shipped configuration files")
struct ShippedFilesTests {
    private func read(_ path: String) throws -> String {
        let root = (0..<4).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        return String(decoding: try Data(contentsOf: root.appending(path: path)), as: UTF8.self)
    }

    @Test("the example is accepted and changes no default")
    func example() throws {
        var configuration = try parse(read("packaging/telltale.example.json5"))
        #expect(configuration.projects.map(\.id.rawValue) == ["swift"])
        configuration.projects = []
        #expect(configuration == Configuration(access: AccessPolicy(ownUserID: knownAccounts.ownUserID)))
    }

    @Test("what the example has switched off is accepted when it is switched on")
    func commentedExample() throws {
        var text = try read("packaging/telltale.example.json5")
        // Once for the values, and once more for those within a project that was switched off itself.
        for _ in 0..<2 {
            text = text.split(separator: "\n").map { switchedOn($0) }.joined(separator: "\n")
        }
        let configuration = try parse(text)
        #expect(configuration.projects.map(\.id.rawValue) == ["acme/shop", "swift"])
        #expect(configuration.projects.first?.links[.provider(.github)]?.isEnabled == false)
        #expect(configuration.projects.first?.links[.service("worker")]?.namedCredentials.isEmpty == false)
        #expect(!configuration.commands.isEmpty)
        #expect(configuration.actions.credentials == [.directory(path: "/etc/telltale/tokens")])
        #expect(configuration.access.users[33] == .admin)
        #expect(configuration.socket.path == SocketPath.systemPath)
        #expect(configuration.store.path == StorePath.systemPath)
        #expect(configuration.http.caFile != nil)
    }

    /// A value that is switched off follows its slashes at once, or indented by four spaces; prose follows one space.
    private func switchedOn(_ line: Substring) -> Substring {
        let comment = line.drop { $0 == " " }
        let text = comment.dropFirst(2)
        guard comment.hasPrefix("//"), !text.hasPrefix(" ") || text.hasPrefix("    ") else { return line }
        return text
    }

    @Test("the manual lists each key with its default and bounds")
    func manual() throws {
        let manual = try read("docs/configuration.md")
        expectRows(of: Limits(), in: manual)
        expectRows(of: RefreshConfiguration(), in: manual)
        expectRows(of: RetryConfiguration(), in: manual)
        expectRows(of: BreakerConfiguration(), in: manual)
        expectRows(of: StoreConfiguration(), in: manual)
        expectRows(of: LogConfiguration(), in: manual)
        expectRows(of: HTTPConfiguration(), in: manual)
        expectRows(of: StatusPagesConfiguration(), in: manual)
        expectRows(of: ActionsConfiguration(), in: manual)
    }

    @Test("the manual lists a command's time with its default and bounds")
    func manualOfCommands() throws {
        let manual = try read("docs/configuration.md")
        for field in CommandsSection.times {
            let row = "| `\(field.key)` | `\(field.render(CommandDefinition(path: "/")))` | \(field.bounds) | "
            #expect(manual.contains(row), "\(row)")
        }
    }

    @Test("the manual lists a service's times with their defaults and bounds")
    func manualOfServices() throws {
        let manual = try read("docs/configuration.md")
        let defaults = ServiceTarget(name: "w", url: "")
        for field in ServicesSection.times {
            let row = "| `\(field.key)` | `\(field.render(defaults))` | \(field.bounds) | "
            #expect(manual.contains(row), "\(row)")
        }
        for field in ServicesSection.warmUpTimes {
            #expect(manual.contains("(`\(field.render(defaults))`; \(field.bounds))"))
        }
    }

    private func expectRows<Section: TabularSection>(of defaults: Section, in manual: String) {
        for field in Section.fields {
            let row = "| `\(field.key)` | `\(field.render(defaults))` | \(field.bounds) | "
            #expect(manual.contains(row), "\(row)")
        }
    }

    @Test("the service unit has a place for the store, and a reload that is the daemon's own")
    func serviceUnit() throws {
        let unit = try read("packaging/telltaled.service").split(separator: "\n")
        #expect(unit.contains("StateDirectory=telltale"))
        #expect(unit.contains("ExecReload=/bin/kill -HUP $MAINPID"))
        let state = ["STATE_DIRECTORY": "/var/lib/telltale"]
        #expect(StorePath.resolve(environment: state, userID: 900) == StorePath.systemPath)
    }

    @Test("the socket unit listens where clients look")
    func socketUnit() throws {
        #expect(try read("packaging/telltaled.socket").contains("ListenStream=\(SocketPath.systemPath)\n"))
    }
}
