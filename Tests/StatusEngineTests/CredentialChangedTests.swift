import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("A credential that changed", .timeLimit(.minutes(1)))
struct CredentialChangedTests {
    /// A project one of whose two links uses a credential.
    private func definition(_ id: String, _ reference: CredentialReference) -> ProjectDefinition {
        var definition = project(id, [EngineRig.github, EngineRig.vercel])
        // A named one, so that the read goes on without it.
        definition.links[EngineRig.github]?.namedCredentials = ["key": reference]
        return definition
    }

    @Test("has what it fed read again, and nothing else")
    func invalidates() async throws {
        let rig = EngineRig { .success($0.reading()) }
        let definitions = [
            definition("one", .oauth(name: "acme")), definition("two", .oauth(name: "acme")),
            definition("other", .oauth(name: "other")),
        ]
        try await rig.run(definitions) { rig in
            for id in ["one", "two", "other"] { rig.glance(id, everything: true) }
            await eventually { rig.provider.readCount == 6 }
            await rig.settle()
            await rig.advance(by: .seconds(2))
            let before = rig.provider.readCount
            await rig.engine.credentialChanged(.oauth(name: "acme"))
            await rig.settle()
            let again = rig.provider.requests.dropFirst(before).map { "\($0.project.rawValue) \($0.repository)" }
            #expect(again.sorted() == ["one github", "two github"])
            await rig.engine.credentialChanged(.file(path: "/unused"))
            await rig.settle()
            #expect(rig.provider.readCount == before + 2)
        }
    }
}
