import Locks
import StatusCore
import StatusEngine
import StatusModel
import Synchronization
import TestSupport
import Testing

@Suite("A link that changes while another is verified", .timeLimit(.minutes(1)))
struct LinkRaceTests {
    private let store = MemoryStore()
    private let links = NamedLinks()

    @Test("the first of two actions to be vouched for is linked, and the other is told that it came too late")
    func byAction() async throws {
        try await verifying { rig, id, attempt in
            let second = try await connect("second", key: 2, on: rig)
            #expect(try await ActionRig.end(of: second.id, on: rig).state == .succeeded)
            attempt.succeed(attempt.request.reading())
            try await expectChanged(id, rig)
            #expect(try await store.load().linkChanges.map(\.link) == [NamedLinks.link("second")])
        }
    }

    @Test(
        "what the configuration links meanwhile stays linked, whatever the provider says of the other link",
        arguments: [true, false])
    func byConfiguration(isVouchedFor: Bool) async throws {
        try await verifying { rig, id, attempt in
            _ = await rig.engine.redefine([project("shop", [EngineRig.vercel, EngineRig.github])])
            if isVouchedFor {
                attempt.succeed(attempt.request.reading())
            } else {
                attempt.fail(failure(.notFound, cause: .refused, .replaces))
            }
            try await expectChanged(id, rig)
            #expect(rig.item()?.configured == true)
            #expect(try await store.load().linkChanges.isEmpty)
        }
    }

    @Test("a link that may not be named any more is not made")
    func distrusted() async throws {
        try await verifying { rig, id, attempt in
            links.distrust()
            attempt.succeed(attempt.request.reading())
            let end = try await ActionRig.end(of: id, on: rig)
            #expect(end.state == .failed && end.error?.reason == "PAYLOAD_INVALID")
            #expect(rig.item()?.configured == false)
            #expect(try await store.load().linkChanges.isEmpty)
        }
    }

    private func expectChanged(_ id: String, _ rig: EngineRig) async throws {
        let end = try await ActionRig.end(of: id, on: rig)
        #expect(end.state == .failed && end.error?.reason == "LINK_CHANGED")
        #expect(end.error?.message.contains("run it again with a new key") == true)
    }

    /// Runs the body while the link `first` is being verified.
    private func verifying(
        _ body: (EngineRig, String, ManualProvider.Attempt) async throws -> Void
    ) async throws {
        let provider: ManualProvider.Script = { request in
            request.link == NamedLinks.link("first") ? nil : .success(request.reading())
        }
        try await EngineRig(provider, store: store, links: links).run([project("shop", [EngineRig.vercel])]) { rig in
            _ = await rig.read()
            let first = try await connect("first", key: 1, on: rig)
            try await body(rig, first.id, try #require(await rig.provider.next()))
        }
    }

    private func connect(_ name: String, key: Int, on rig: EngineRig) async throws -> OperationRecord {
        try await ActionRig.run(ActionRig.request("connect", key: key, payload: #"{"repo":"\#(name)"}"#), on: rig)
            .record
    }
}

/// Proposes a link to the repository of the payload's name, as long as it trusts payloads.
private final class NamedLinks: LinkReader {
    private let isTrusting = Lock(true)

    static func link(_ name: String) -> Link {
        Link(target: .github(GitHubTarget(owner: "octo-org", repository: name)), credential: nil, isEnabled: true)
    }

    func distrust() { isTrusting.withLock { $0 = false } }

    func proposal(
        _ action: IntegrationAction, of item: ItemReference, payload: [UInt8], configured: Link?, current: Link?
    ) throws(ActionFailure) -> LinkProposal? {
        guard isTrusting.withLock({ $0 }) else { throw .invalid("repo", "is not trusted any more") }
        return .link(Self.link(String(decoding: payload, as: UTF8.self).contains("first") ? "first" : "second"))
    }
}
