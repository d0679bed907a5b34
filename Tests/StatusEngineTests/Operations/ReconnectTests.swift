import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("Reconnecting", .timeLimit(.minutes(1)))
struct ReconnectTests {
    private let credentials = FakeCredentials()

    @Test("has the secret made anew once, and verifies the link with that")
    func renewed() async throws {
        try await run { rig in
            let before = rig.provider.readCount
            let record = try await ActionRig.run(ActionRig.request("reconnect"), on: rig).record
            #expect(try await ActionRig.end(of: record.id, on: rig).state == .succeeded)
            #expect(rig.provider.requests[before].secret == Secret("renewed-1"))
            #expect(credentials.renewalCount == 1)
        }
    }

    @Test("what connects otherwise takes the secret as it is")
    func connected() async throws {
        try await run { rig in
            let record = try await ActionRig.run(ActionRig.request("disconnect"), on: rig).record
            _ = try await ActionRig.end(of: record.id, on: rig)
            let next = try await ActionRig.run(ActionRig.request("connect", key: 2), on: rig).record
            #expect(try await ActionRig.end(of: next.id, on: rig).state == .succeeded)
            #expect(credentials.renewalCount == 0)
        }
    }

    @Test(
        "a grant that was taken back says what to do, and an endpoint that is down is no reason to unlink",
        arguments: [
            (ProblemCode.oauthRevoked, ProblemCause.refused, Int32(7)), (.providerOutage, .provider, 14),
        ])
    func refused(code: ProblemCode, cause: ProblemCause, answer: Int32) async throws {
        credentials.refuseRenewal(
            ProviderFailure(code: code, cause: cause, hint: "Log in anew.", disposition: .keepsLast))
        try await run { rig in
            let record = try await ActionRig.run(ActionRig.request("reconnect"), on: rig).record
            let end = try await ActionRig.end(of: record.id, on: rig)
            #expect(end.state == .failed && end.error?.code == answer)
            #expect(end.error?.message.contains("Log in anew.") == true)
        }
    }

    /// A project that has been read with the old secret.
    private func run(_ body: (EngineRig) async throws -> Void) async throws {
        let rig = EngineRig({ .success($0.reading()) }, credentials: credentials, links: LinkAgain())
        try await rig.run([project("shop", credential: FakeCredentials.token)]) { rig in
            _ = await rig.read()
            try await body(rig)
        }
    }
}

/// Proposes what is linked, or was.
private struct LinkAgain: LinkReader {
    func proposal(
        _ action: IntegrationAction, of item: ItemReference, payload: [UInt8], configured: Link?, current: Link?
    ) throws(ActionFailure) -> LinkProposal? {
        action == .disconnect ? .nothing : (current ?? configured).map(LinkProposal.link)
    }
}
