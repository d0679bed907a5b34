import StatusModel
import StatusProviders
import Testing

@Suite("Status page: what concerns us")
struct StatusPageTroubleTests {
    private static let api = StatusPage.Component(id: "brv1bkgrwx7q", name: "API Requests")
    private static let pages = StatusPage.Component(name: "Pages")

    private static func api(_ severity: StatusPage.Severity) -> StatusPage.Component {
        StatusPage.Component(name: "API Requests", severity: severity)
    }

    private static func pages(_ severity: StatusPage.Severity) -> StatusPage.Component {
        StatusPage.Component(name: "Pages", severity: severity)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var page: StatusPage
        var trouble: StatusPageTrouble?
    }

    static let cases = [
        Case(testDescription: "all well", page: StatusPage(components: [api, pages]), trouble: nil),
        Case(
            testDescription: "another product is down, and the page is red",
            page: StatusPage(indicator: .critical, components: [api, pages(.critical)]), trouble: nil),
        Case(
            testDescription: "our component is down and no incident is open",
            page: StatusPage(components: [api(.major), pages]),
            trouble: .init(severity: .major, subject: .component("API Requests"))),
        Case(
            testDescription: "the worst of our components is named",
            page: StatusPage(components: [
                .init(name: "Webhooks", severity: .minor), api(.critical), .init(name: "Actions", severity: .major),
            ]), trouble: .init(severity: .critical, subject: .component("API Requests"))),
        Case(
            testDescription: "an open incident counts though indicator and components say none",
            page: StatusPage(
                components: [api], notices: [.init(title: "Slow", impact: .minor, components: [api])]),
            trouble: .init(severity: .minor, subject: .incident("Slow"))),
        Case(
            testDescription: "the worse of incident and component is the severity, and the incident is named",
            page: StatusPage(
                components: [api(.critical)], notices: [.init(title: "Slow", impact: .minor, components: [api])]),
            trouble: .init(severity: .critical, subject: .incident("Slow"))),
        Case(
            testDescription: "of several incidents the worst that touches us",
            page: StatusPage(notices: [
                .init(title: "First", impact: .minor, components: [api]),
                .init(title: "Worst", impact: .major, components: [pages, api]),
                .init(title: "Elsewhere", impact: .critical, components: [pages]),
                .init(title: "As bad", impact: .major, components: [api]),
            ]), trouble: .init(severity: .major, subject: .incident("Worst"))),
        Case(
            testDescription: "an incident that is over is none",
            page: StatusPage(notices: [.init(title: "Old", isOpen: false, impact: .major, components: [api])]),
            trouble: nil),
        Case(
            testDescription: "an incident of another component is not ours, whatever its title",
            page: StatusPage(
                indicator: .major, components: [api, pages],
                notices: [.init(title: "API of Pages", impact: .major, components: [pages])]), trouble: nil),
        Case(
            testDescription: "an incident without components counts by its title",
            page: StatusPage(
                components: [api, pages], notices: [.init(title: "Errors in Git operations", impact: .major)]),
            trouble: .init(severity: .major, subject: .incident("Errors in Git operations"))),
        Case(
            testDescription: "an incident without components whose title names another does not",
            page: StatusPage(
                indicator: .major, components: [api, pages],
                notices: [.init(title: "Delays in Pages builds", impact: .major)]), trouble: nil),
        Case(
            testDescription: "an incident that names nobody counts when the page says that something is wrong",
            page: StatusPage(
                indicator: .minor, components: [api, pages],
                notices: [.init(title: "Disruption of some services", impact: .minor)]),
            trouble: .init(severity: .minor, subject: .incident("Disruption of some services"))),
        Case(
            testDescription: "an incident that names nobody does not count when the page says that all is well",
            page: StatusPage(
                components: [api, pages], notices: [.init(title: "Disruption of some services", impact: .minor)]),
            trouble: nil),
        Case(
            testDescription: "an incident without impact explains nothing",
            page: StatusPage(notices: [.init(title: "Notice", impact: .none, components: [api])]), trouble: nil),
        Case(
            testDescription: "a maintenance under way",
            page: StatusPage(notices: [
                .init(title: "New disks", isMaintenance: true, impact: .maintenance, components: [api])
            ]), trouble: .init(severity: .maintenance, subject: .maintenance("New disks"))),
        Case(
            testDescription: "a page that is an indicator and nothing else",
            page: StatusPage(indicator: .critical), trouble: .init(severity: .critical, subject: .everything)),
    ]

    @Test("only what touches our parts explains, and the worst of it", arguments: cases)
    func trouble(_ row: Case) {
        #expect(row.page.trouble(of: StatusPageParts(.github)) == row.trouble)
    }

    @Test(
        "a provider's parts are known by words of their names, its upstreams' are none",
        arguments: [
            (ProviderKey.github, "API Requests", true), (.github, "Git Operations", true), (.github, "Webhooks", true),
            (.github, "GitHub Actions", true), (.github, "Pull Requests", false), (.github, "Copilot API", false),
            (.github, "Visit www.githubstatus.com for more information", false), (.github, "Therapist", false),
            (.vercel, "API", true), (.vercel, "Vercel API", true), (.vercel, "Deployments", true),
            (.vercel, "Build & Deploy", true), (.vercel, "Dashboard", false), (.vercel, "GitHub API", false),
            (.vercel, "AWS us-east-1 builds", false), (.vercel, "DNS", false), (.sanity, "API CDN", true),
            (.sanity, "Content Lake", true), (.sanity, "GROQ-powered Webhooks", true), (.sanity, "Website", false),
            (.supabase, "Management API", true), (.supabase, "Connection Pooler", true), (.supabase, "Auth", true),
            (.supabase, "Dashboard", false), (.supabase, "", false),
        ])
    func parts(provider: ProviderKey, name: String, isOurs: Bool) {
        #expect(StatusPageParts(provider).contain(.init(name: name)) == isOurs)
    }

    @Test("a component is known by its id after it was renamed")
    func identifiers() {
        #expect(StatusPageParts(.github).contain(.init(id: "8l4ygp009s5s", name: "Clones and pushes")))
    }

    @Test(
        "a title is shown on one line, printable and bounded",
        arguments: [
            ("API  is\nslow\t", "API is slow"), ("\u{1B}[31mred\u{7}", "[31mred"), ("a\u{202E}b", "ab"), ("\u{0}", ""),
            (String(repeating: "x", count: 101), String(repeating: "x", count: 99) + "…"),
            (String(repeating: "x", count: 100), String(repeating: "x", count: 100)),
        ])
    func titles(raw: String, shown: String) {
        let page = StatusPage(notices: [.init(title: raw, impact: .major, components: [Self.api])])
        #expect(page.trouble(of: StatusPageParts(.github))?.subject == .incident(shown))
    }

    @Test("a title of a million marks on one letter is cut too")
    func marks() throws {
        let title = "a" + String(repeating: "\u{301}", count: 1_000_000)
        let page = StatusPage(notices: [.init(title: title, impact: .major, components: [Self.api])])
        let trouble = try #require(page.trouble(of: StatusPageParts(.github)))
        guard case .incident(let shown) = trouble.subject else {
            Issue.record("\(trouble)")
            return
        }
        #expect(shown.unicodeScalars.count <= 800)
    }
}
