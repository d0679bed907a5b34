import TelltaleServer
import Testing

@Suite("The kinds of events that a watch wants")
struct EventKindFilterTests {
    @Test(
        "a kind is wanted by its name or by a prefix before a star",
        arguments: [
            ([], "status:update", true), (["deploy:*"], "deploy:started", true), (["deploy:*"], "status:update", false),
            (["deploy:*"], "deploy", false), (["github:push"], "github:push", true),
            (["github:push"], "github:pushes", false), (["*"], "anything", true),
            (["github:push", "deploy:*"], "deploy:finished", true), ([""], "status:update", false),
        ] as [([String], String, Bool)])
    func wants(kinds: [String], kind: String, isWanted: Bool) {
        #expect(EventKindFilter(kinds).wants(kind) == isWanted)
    }
}
