import StatusCore
import StatusModel
import TelltaleServer
import Testing

@Suite("A project's link to Vercel")
struct VercelSectionTests {
    private func link(_ section: String) throws -> Link? {
        try parse("{ projects: { shop: { vercel: \(section) } } }").projects.first?.links[.provider(.vercel)]
    }

    private func complaint(_ section: String) -> String? {
        complaints("{ projects: { shop: { vercel: \(section) } } }").first
    }

    @Test("every key is read")
    func full() throws {
        let section = """
            { project: "prj_1a2B", team: "team_9zY", api: "http://127.0.0.1:9/vercel/", credential: "env:VERCEL",
              enabled: false }
            """
        #expect(
            try link(section)
                == Link(
                    target: .vercel(
                        VercelTarget(project: "prj_1a2B", teamID: "team_9zY", baseURL: "http://127.0.0.1:9/vercel")),
                    credential: .environment(name: "VERCEL"), isEnabled: false))
    }

    @Test("a project alone is one of the token's owner, at Vercel itself")
    func least() throws {
        #expect(try link("{ project: \"shop\" }") == Link(target: .vercel(VercelTarget(project: "shop"))))
        #expect(
            try link("{ project: \"shop\", team: \"acme\" }")?.target == .vercel(.init(project: "shop", teamID: "acme"))
        )
    }

    @Test(
        "a mistake is named with what to write instead",
        arguments: [
            ("{}", "project is missing"), ("{ project: \"acme/shop\" }", "not the address of its page"),
            ("{ project: \"..\" }", "is no project"), ("{ project: 7 }", "expected a string"),
            ("{ project: \"shop\", team: \"\" }", "is no team"),
            ("{ project: \"shop\", teamId: \"x\" }", "unknown key"),
            ("{ project: \"shop\", api: \"http://example.com\" }", "must be https://"),
            ("{ project: \"shop\", credential: \"vcp_abc\" }", "and never the secret itself"),
        ])
    func mistakes(section: String, words: String) throws {
        #expect(try #require(complaint(section)).contains(words))
    }
}
