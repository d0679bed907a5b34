import StatusModel
import Testing

@Suite("Identifiers")
struct IdentifierTests {
    @Test(
        "a well-formed project name is kept as it is",
        arguments: ["a", "0", "shop", "octo-org/shop.v2", "team:shop@eu_1", String(repeating: "x", count: 128)])
    func acceptsProject(name: String) {
        #expect(ProjectID(name)?.rawValue == name)
        #expect(ProjectID(name)?.description == name)
    }

    @Test(
        "a name that could break a log line, a path or a terminal is refused",
        arguments: [
            "", "-shop", ".shop", "/shop", "_", "shop shop", "shop\n", "shop\u{1b}[31m", "shöp", "shop\0", "商店", "a\"b",
            "é", "a%20b", String(repeating: "x", count: 129), String(repeating: "é", count: 65),
        ])
    func refusesProject(name: String) {
        #expect(ProjectID(name) == nil)
    }

    @Test(
        "an item key reads what it writes", arguments: ["github", "vercel", "sanity", "supabase", "service:worker-1"])
    func itemKeyRoundTrips(text: String) {
        #expect(ItemKey(text)?.description == text)
    }

    @Test(
        "what is neither a provider nor a service name is no item key",
        arguments: [
            "", "GitHub", "github ", "service", "service:", "service:-x", "service:a b", "worker", "services:a",
        ])
    func refusesItemKey(text: String) {
        #expect(ItemKey(text) == nil)
    }

    @Test("providers come first in their fixed order, then services by name")
    func itemKeysAreOrdered() {
        let ordered: [ItemKey] = [
            .provider(.github), .provider(.vercel), .provider(.sanity), .provider(.supabase), .service("a"),
            .service("b"),
        ]
        #expect(ordered.reversed().sorted() == ordered)
    }

    @Test("a role's ceiling is the lesser of two roles")
    func rolesAreOrdered() {
        #expect(Role.allCases.sorted() == [.viewer, .editor, .admin, .owner])
        #expect(min(Role.owner, Role.viewer) == .viewer)
    }
}
