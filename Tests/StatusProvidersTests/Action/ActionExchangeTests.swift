import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("Requests of actions that never left this host")
struct ActionExchangeTests {
    private static let target = Link.Target.github(GitHubTarget(owner: "acme", repository: "shop"))

    @Test(
        "one for which there was no connection failed for sure, says so, and blames nobody else",
        arguments: [#"{"event_type":"go"}"#, #"{"workflow":"deploy.yml"}"#])
    func overloaded(payload: String) async {
        // The one is the request that changes something; the other is the one that asks for the branch before it.
        let failure = await failure(of: payload, .unsent(.overloaded))
        #expect(failure?.code == .unavailable)
        #expect(failure?.reason == "OVERLOADED")
        #expect(failure?.isOutcomeUnknown == false)
        // What a provider has taken already is asked about again.
        #expect(failure?.endsFollowing == false)
        for words in [failure?.message.full, failure?.message.generic] {
            #expect(words?.contains("was not sent and nothing was done; run it again") == true)
            #expect(words?.contains("GitHub") == false)
        }
    }

    @Test("one that was ended before it left failed for sure, and one that may have left did not")
    func ended() async {
        let unsent = await failure(of: #"{"event_type":"go"}"#, .unsent(.cancelled))
        #expect(unsent?.isOutcomeUnknown == false)
        #expect(unsent?.message.full.contains("nothing was changed; run it again") == true)
        let sent = await failure(of: #"{"event_type":"go"}"#, .failure(.cancelled))
        #expect(sent?.isOutcomeUnknown == true)
    }

    @Test("a viewer is not told that the provider answered where this host could not ask")
    func genericWords() {
        let now = Moment(instant: .now, wall: ActionScene.wall)
        let error = HTTPClientError(kind: .overloaded, detail: "", isUnsent: true)
        let failure = TransportFailure.classify(error, provider: "Supabase", now: now)
        #expect(failure.cause == .host)
        #expect(failure.actionWords.full.hasSuffix("so none was sent to Supabase; run it again later with a new key."))
        #expect(!failure.actionWords.generic.contains("answered"))
    }

    private func failure(of payload: String, _ step: ScriptedTransport.Step) async -> ActionFailure? {
        let paths = ["", "/dispatches", "/actions/workflows/deploy.yml/dispatches"]
        let script = ScriptedTransport(
            Dictionary(uniqueKeysWithValues: paths.map { ("/repos/acme/shop\($0)", [step]) }))
        let executor = GitHubActions(transport: script, digest: GitHubScene.digest)
        return await ActionScene(.push, Self.target, payload: payload).perform(executor).failure
    }
}
