import TelltaleServer
import Testing

@Suite("What another configuration has different")
struct ConfigurationDifferencesTests {
    @Test("every setting of every section is compared, and named by its path")
    func everySetting() throws {
        let paths = try parse("{}").settings(differingFrom: parse(fullConfiguration))
        func keys<Section: TabularSection>(_ name: String, _: Section.Type) -> [String] {
            Section.fields.map { "\(name).\($0.key)" }
        }
        let expected =
            ["path", "group", "mode", "directoryMode"].map { "socket.\($0)" } + ["access.users", "access.groups"]
            + keys("limits", Limits.self) + keys("refresh", RefreshConfiguration.self)
            + keys("retry", RetryConfiguration.self) + keys("breaker", BreakerConfiguration.self)
            + keys("store", StoreConfiguration.self) + keys("log", LogConfiguration.self)
            + keys("http", HTTPConfiguration.self) + keys("statusPages", StatusPagesConfiguration.self)
            + keys("actions", ActionsConfiguration.self)
        #expect(paths == expected)
    }

    @Test("the same settings written otherwise are no difference, and neither are other projects")
    func same() throws {
        let one = try parse("{refresh: {ttl: '60s'}, log: {level: 'info'}}")
        let other = try parse("{refresh: {ttl: '1m'}, projects: {shop: {github: {repo: 'acme/shop'}}}}")
        #expect(one.settings(differingFrom: other).isEmpty)
    }

    @Test("entries of oauth count at once, so they are no difference")
    func oauth() throws {
        let entry = #"acme: { tokenURL: "https://example.com/t", clientID: "one", tokenFile: "/var/acme.json" }"#
        #expect(try parse("{oauth: {\(entry)}}").settings(differingFrom: parse("{}")).isEmpty)
    }
}
