import HTTPClient
import ProviderSimulator
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("Sanity: what its actions give")
struct SanityActionTests {
    private static let manage = "https://www.sanity.io/manage/project/n1f7yabc"

    private func open(
        _ step: ScriptedTransport.Step, secret: String? = ActionScene.canary
    ) async -> Result<ActionStep, ActionFailure> {
        let script = ScriptedTransport([SanityScene.project: [step]])
        let target = Link.Target.sanity(SanityTarget(projectID: "n1f7yabc"))
        return await ActionScene(.openStudio, target, secret: secret).perform(SanityActions(transport: script))
    }

    @Test(
        "the studio is at the first address that a browser may be sent to",
        arguments: [
            (
                #"{"id":"n1f7yabc","studioHost":"acme","metadata":{"externalStudioHost":"https://studio.acme.com/x"}}"#,
                "https://studio.acme.com/x"
            ),
            (#"{"metadata":{"externalStudioHost":"studio.acme.com"}}"#, "https://studio.acme.com/"),
            (
                #"{"studioHost":"acme","metadata":{"externalStudioHost":"http://studio.acme.com"}}"#,
                "https://acme.sanity.studio"
            ),
            (
                #"{"studioHost":"acme","metadata":{"externalStudioHost":"javascript:alert(1)"}}"#,
                "https://acme.sanity.studio"
            ),
            (
                #"{"studioHost":"acme","metadata":{"externalStudioHost":"https://me:pass@acme.com"}}"#,
                "https://acme.sanity.studio"
            ),
            (#"{"studioHost":"acme","metadata":{"externalStudioHost":7}}"#, "https://acme.sanity.studio"),
            (#"{"studioHost":"evil.com/","metadata":null}"#, manage), (#"{"studioHost":"-a"}"#, manage),
            (#"{"studioHost":""}"#, manage), (#"{"studioHost":null}"#, manage), ("[]", manage), ("<html>", manage),
        ])
    func studio(body: String, url: String) async throws {
        let result = try #require(await open(.answer(HTTPResponse(200, text: body))).done)
        #expect(result.json == Array(#"{"url":"\#(url)"}"#.utf8))
        #expect(result.words.full == "The studio is at \(url)")
        #expect(!result.words.generic.contains("http"))
    }

    @Test("who may not see the project is sent to its page, and who has no token without asking")
    func fallbacks() async {
        let page = Array(#"{"url":"\#(Self.manage)"}"#.utf8)
        #expect(await open(.answer(HTTPResponse(401, text: #"{"errorCode":"SIO-401-ANF"}"#))).done?.json == page)
        #expect(await open(.answer(HTTPResponse(403))).done?.json == page)
        #expect(await open(.failure(.connect), secret: nil).done?.json == page)
    }

    @Test("a Sanity that does not answer is a failure, whose words repeat no token")
    func failures() async {
        for (step, code) in [
            (ScriptedTransport.Step.failure(.timeout), ActionFailure.Code.deadlineExceeded),
            (.failure(.dns), .unavailable), (.answer(HTTPResponse(502, text: "<html>")), .unavailable),
            (.answer(HTTPResponse(404, text: #"{"message":"\#(ActionScene.canary)"}"#)), .failedPrecondition),
        ] {
            let outcome = await open(step)
            #expect(outcome.failure?.code == code)
            #expect(outcome.failure?.isOutcomeUnknown == false)
            #expect(!outcome.tells(ActionScene.canary))
        }
    }

    @Test("a sync sends nothing, and neither takes a payload")
    func sync() async throws {
        let script = ScriptedTransport([:])
        let executor = SanityActions(transport: script)
        let target = Link.Target.sanity(SanityTarget(projectID: "n1f7yabc"))
        #expect(try ActionScene(.sync, target).plan(executor).get().isSending == false)
        #expect(try ActionScene(.openStudio, target).plan(executor).get().isSending == false)
        #expect(await ActionScene(.sync, target).perform(executor).done != nil)
        #expect(ActionScene(.sync, target, payload: #"{"x":1}"#).plan(executor).failure?.field == "payload.x")
        #expect(ActionScene(.push, target).plan(executor).failure?.code == .internal)
        #expect(script.requests.isEmpty)
    }

    @Test("the simulator's project has the studio that it is given")
    func simulated() async throws {
        let simulator = Simulator()
        try simulator.loadExample()
        let target = SanityTarget(
            projectID: "simsanity", managementURL: "http://127.0.0.1/sanity", dataURL: "http://127.0.0.1/sanity")
        let scene = ActionScene(.openStudio, .sanity(target), secret: "sim-sanity-token")
        let executor = SanityActions(transport: PlayedTransport(simulator: simulator))
        #expect(await scene.perform(executor).done?.words.full == "The studio is at https://simsanity.sanity.studio")
        try simulator.sanity.setProject("simsanity", SanityProjectPatch(externalStudioHost: "https://cms.example.com"))
        #expect(await scene.perform(executor).done?.words.full == "The studio is at https://cms.example.com/")
    }
}
