import StatusCore
import StatusModel
import TelltaleServer
import Testing

@Suite("The configuration of a link to Supabase")
struct SupabaseSectionTests {
    private static let ref = "abcdefghijklmnopqrst"

    private func link(_ section: String) throws -> Link? {
        try parse("{projects: {shop: {supabase: {\(section)}}}}").projects.first?.links[.provider(.supabase)]
    }

    @Test("a reference and a credential are enough")
    func least() throws {
        let link = try #require(try link("ref: '\(Self.ref)', credential: 'env:TOKEN'"))
        #expect(
            link
                == Link(target: .supabase(SupabaseTarget(reference: Self.ref)), credential: .environment(name: "TOKEN"))
        )
    }

    @Test("everything that can be said is taken over")
    func most() throws {
        let link = try #require(
            try link(
                """
                ref: '\(Self.ref)', credential: 'credential:supabase', projectKey: 'file:/key', probe: 'table:ping.id',
                services: ['db', 'rest'], latencyLimit: '250ms', api: 'http://127.0.0.1:8099/supabase/',
                url: 'http://127.0.0.1:8099/supabase/project/\(Self.ref)', enabled: false,
                """))
        let target = SupabaseTarget(
            reference: Self.ref, managementURL: "http://127.0.0.1:8099/supabase",
            projectURL: "http://127.0.0.1:8099/supabase/project/\(Self.ref)",
            probe: .table(name: "ping", column: "id"), services: ["db", "rest"], latencyLimit: .milliseconds(250))
        #expect(
            link
                == Link(
                    target: .supabase(target), credential: .systemd(name: "supabase"),
                    namedCredentials: [SupabaseTarget.projectKey: .file(path: "/key")], isEnabled: false))
    }

    @Test(
        "a probe is written in one of these forms",
        arguments: [
            ("'auth'", SupabaseTarget.Probe.authHealth), ("'table:ping.id'", .table(name: "ping", column: "id")),
            ("'function:ping'", .function(name: "ping")),
            ("{table: 'a.b', column: 'c.d'}", .table(name: "a.b", column: "c.d")),
            ("{function: 'a.b'}", .function(name: "a.b")),
        ])
    func probes(text: String, probe: SupabaseTarget.Probe) throws {
        let link = try #require(try link("ref: '\(Self.ref)', projectKey: 'env:KEY', probe: \(text)"))
        guard case .supabase(let target) = link.target else {
            Issue.record("\(link)")
            return
        }
        #expect(target.probe == probe)
    }

    @Test(
        "a mistake is told where it stands",
        arguments: [
            ("credential: 'env:T'", ": ref is missing"),
            ("ref: 'https://x.supabase.co', credential: 'env:T'", ".ref: "),
            ("ref: 7, credential: 'env:T'", ".ref: expected a string"),
            ("ref: '$', credential: 'sbp_0123'", ".credential: write where the secret is found"),
            ("ref: '$', projectKey: 'sb_secret_0'", ".projectKey: write where the secret is found"),
            (
                "ref: '$', projectKey: 'env:K', probe: 'table:ping'",
                ".probe: \"table:ping\" is no probe; write \"auth\""
            ),
            ("ref: '$', projectKey: 'env:K', probe: 'view:a.b'", ".probe: "),
            ("ref: '$', projectKey: 'env:K', probe: {table: 'a'}", ".probe: expected { table"),
            ("ref: '$', projectKey: 'env:K', probe: {tabel: 'a'}", ".probe.tabel: unknown key"),
            ("ref: '$', projectKey: 'env:K', services: []", ".services: expected a list"),
            ("ref: '$', projectKey: 'env:K', services: ['db', 'db']", ".services[1]: expected one of auth"),
            ("ref: '$', projectKey: 'env:K', latencyLimit: '0s'", ".latencyLimit: \"0s\" is no duration in"),
            ("ref: '$', projectKey: 'env:K', api: 'http://api.example.com'", ".api: must be https://"),
            ("ref: '$', projectKey: 'env:K', url: 'ftp://x'", ".url: must begin with https://"),
            ("ref: '$', projectKey: 'env:K', token: 'x'", ".token: unknown key"),
        ])
    func mistakes(section: String, complaint: String) throws {
        let text = section.replacing("$", with: Self.ref)
        let found = complaints("{projects: {shop: {supabase: {\(text)}}}}")
        #expect(found.contains { $0.hasPrefix("t.json5:1: projects.shop.supabase\(complaint)") }, "\(found)")
        #expect(!found.joined().contains("sbp_") && !found.joined().contains("sb_secret"))
    }
}
