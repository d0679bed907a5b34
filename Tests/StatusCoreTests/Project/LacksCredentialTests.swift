import StatusCore
import StatusModel
import Testing

@Suite("Links without a credential")
struct LacksCredentialTests {
    private static let project = ProjectID("shop")
    private static let token = CredentialReference.environment(name: "TOKEN")

    private static func state(_ link: Link) throws -> ItemRecord.LinkState? {
        let definition = ProjectDefinition(id: try #require(project), links: [link.key: link])
        return ProjectSnapshot(definition: definition).record(of: link.key)?.link
    }

    @Test("a provider that answers nobody without a secret is disconnected when none is named")
    func needed() throws {
        let supabase = SupabaseTarget(reference: "abcdefghijklmnopqrst")
        #expect(try Self.state(Link(target: .vercel(VercelTarget(project: "shop")))) == .lacksCredential)
        #expect(try Self.state(Link(target: .vercel(VercelTarget(project: "shop")), credential: Self.token)) == .linked)
        #expect(try Self.state(Link(target: .supabase(supabase))) == .lacksCredential)
        let key = [SupabaseTarget.projectKey: Self.token]
        #expect(try Self.state(Link(target: .supabase(supabase), namedCredentials: key)) == .linked)
    }

    @Test("what everybody may read is linked without one")
    func unneeded() throws {
        for target: Link.Target in [
            .github(GitHubTarget(owner: "octo", repository: "hello")), .sanity(SanityTarget(projectID: "p")),
            .service(ServiceTarget(name: "worker", url: "https://example.com/")),
        ] {
            #expect(try Self.state(Link(target: target)) == .linked)
        }
    }

    @Test("it says so, takes nothing from the whole, and offers to connect")
    func view() throws {
        let link = Link(target: .vercel(VercelTarget(project: "shop")))
        let definition = ProjectDefinition(id: try #require(Self.project), links: [link.key: link])
        let record = try #require(ProjectSnapshot(definition: definition).record(of: link.key))
        let now = Moment(instant: .now, wall: UnixTime(seconds: 1_768_478_400))
        let status = ItemView(of: record, isHidden: false, role: .owner, now: now).status
        #expect(status.status == .disconnected && !status.configured && status.summary == "No credential")
        #expect(status.actions.contains { $0.action == "connect" && $0.can })
    }
}
