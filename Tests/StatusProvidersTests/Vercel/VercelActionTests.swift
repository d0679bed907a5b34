import FoundationEssentials
import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("Vercel: what its actions send and make of the answer")
struct VercelActionTests {
    private static let deployPath = "/v13/deployments"
    private static let linkPath = "/v9/projects/shop/link"
    private static let target = Link.Target.vercel(VercelTarget(project: "shop", teamID: "team_1"))

    /// A project with a failed and a good production deployment below a preview, and one answer to what is ordered.
    private func script(_ answer: ScriptedTransport.Step) -> ScriptedTransport {
        let list = VercelScene.list(
            VercelScene.deployment("dpl_p", target: nil, secondsAgo: 60),
            VercelScene.deployment("dpl_building", state: "BUILDING", secondsAgo: 90),
            VercelScene.deployment("dpl_bad", state: "ERROR", secondsAgo: 600), VercelScene.deployment("dpl_good"))
        return ScriptedTransport([
            VercelScene.projectPath: [.answer(Self.project)], VercelScene.newestPath: [.answer(list)],
            Self.deployPath: [answer], Self.linkPath: [answer],
        ])
    }

    private static let project = HTTPResponse(
        200, text: #"{"id":"prj_1","name":"shop","link":{"type":"github","org":"acme","repo":"shop","repoId":77}}"#)

    static func deployment(_ members: String) -> HTTPResponse {
        HTTPResponse(200, text: #"{"id":"dpl_new","url":"shop-new.vercel.app","createdAt":1757600399000,\#(members)}"#)
    }

    private static let queued = ScriptedTransport.Step.answer(deployment(#""readyState":"QUEUED""#))

    private func scene(_ action: IntegrationAction, _ payload: String = "") -> ActionScene {
        ActionScene(action, Self.target, payload: payload)
    }

    private func body(_ request: HTTPRequest?) throws -> JSONValue {
        try #require(request.flatMap { JSONValue($0.body) })
    }

    @Test("production is deployed once more from its newest deployment that ended, with the latest commit")
    func redeploy() async throws {
        let script = script(Self.queued)
        let outcome = await scene(.deployProduction).perform(VercelActions(transport: script))
        let sent = script.requests.filter { $0.method == "POST" }
        #expect(sent.count == 1)
        #expect(sent.first?.url == "https://api.vercel.com/v13/deployments?teamId=team_1")
        #expect(sent.first?.redirectsMax == 0)
        #expect(
            try body(sent.first)
                == .object([
                    "name": .string("shop"), "project": .string("prj_1"), "target": .string("production"),
                    "deploymentId": .string("dpl_bad"), "withLatestCommit": .bool(true),
                    "meta": .object(["telltaleOperation": .string(ActionScene.operationID)]),
                ]))
        #expect(outcome.handle == "dpl_new")
    }

    @Test("a preview is deployed without a target, and a project without Git without a commit")
    func preview() async throws {
        let script = script(Self.queued)
        script.script(VercelScene.projectPath, .answer(HTTPResponse(200, text: #"{"id":"prj_1","name":"shop"}"#)))
        #expect(await scene(.deployPreview).perform(VercelActions(transport: script)).handle == "dpl_new")
        #expect(
            try body(script.requests.last)
                == .object([
                    "name": .string("shop"), "project": .string("prj_1"), "deploymentId": .string("dpl_p"),
                    "meta": .object(["telltaleOperation": .string(ActionScene.operationID)]),
                ]))
    }

    @Test("a ref is deployed from the linked repository and from no other, whoever names one")
    func fromGit() async throws {
        let script = script(Self.queued)
        let sha = String(repeating: "a1", count: 20)
        let linked = scene(.deployProduction, #"{"ref":"main","sha":"\#(sha)"}"#)
        _ = await linked.perform(VercelActions(transport: script))
        guard case .object(let first) = try body(script.requests.last) else { return }
        #expect(
            first["gitSource"]
                == .object([
                    "type": .string("github"), "ref": .string("main"), "sha": .string(sha), "repoId": .integer(77),
                ]))
        #expect(first["deploymentId"] == nil)
        let named = scene(.deployPreview, #"{"ref":"next","repo":"Acme/Shop"}"#)
        _ = await named.perform(VercelActions(transport: script))
        guard case .object(let second) = try body(script.requests.last) else { return }
        #expect(
            second["gitSource"] == .object(["type": .string("github"), "ref": .string("next"), "repoId": .integer(77)]))
        #expect(script.requests.count { $0.method == "POST" } == 2)
    }

    @Test(
        "a repository that the project is not linked to is refused before anything is sent",
        arguments: [
            #"{"type":"github","org":"acme","repo":"shop","repoId":77}"#, #"{"type":"github","repoId":77}"#,
            #"{"type":"gitlab","org":"acme","repo":"other"}"#, "null",
        ], [IntegrationAction.deployPreview, .deployProduction])
    func foreignRepository(link: String, action: IntegrationAction) async {
        let script = script(Self.queued)
        script.script(
            VercelScene.projectPath,
            .answer(HTTPResponse(200, text: #"{"id":"prj_1","name":"shop","link":\#(link)}"#)))
        let named = scene(action, #"{"ref":"next","repo":"acme/other"}"#)
        let failure = await named.perform(VercelActions(transport: script)).failure
        #expect(failure?.reason == "REPOSITORY_FOREIGN" && failure?.isOutcomeUnknown == false)
        #expect(failure?.message.full.contains("acme") == false)
        #expect(script.requests.allSatisfy { $0.method == "GET" })
    }

    @Test("what cannot be ordered is refused before anything is sent")
    func nothingToOrder() async {
        let script = script(Self.queued)
        script.script(VercelScene.newestPath, .answer(VercelScene.list()))
        let first = await scene(.deployProduction).perform(VercelActions(transport: script))
        #expect(first.failure?.reason == "NOTHING_DEPLOYED")
        script.script(
            VercelScene.projectPath,
            .answer(HTTPResponse(200, text: #"{"id":"prj_1","name":"shop","link":{"type":"gitlab"}}"#)))
        let second = await scene(.deployProduction, #"{"ref":"main"}"#).perform(VercelActions(transport: script))
        #expect(second.failure?.reason == "REPOSITORY_UNKNOWN")
        script.script(VercelScene.projectPath, .answer(VercelScene.notFound))
        let third = await scene(.deployProduction).perform(VercelActions(transport: script))
        #expect(third.failure?.code == .notFound)
        #expect(script.requests.allSatisfy { $0.method == "GET" })
    }

    @Test(
        "a payload that is not what the action takes is refused with the member's name",
        arguments: [
            (#"{"branch":"main"}"#, "payload.branch"), (#"{"ref":""}"#, "payload.ref"), (#"{"ref":3}"#, "payload.ref"),
            (#"{"ref":"a b"}"#, "payload.ref"), (#"{"ref":"a\u202eb"}"#, "payload.ref"),
            (#"{"ref":null}"#, "payload.ref"),
            (#"{"ref":"main","sha":"zz"}"#, "payload.sha"), (#"{"sha":"abc"}"#, "payload.sha"),
            (#"{"ref":"main","repo":"shop"}"#, "payload.repo"), (#"{"ref":"main","repo":"a/../b"}"#, "payload.repo"),
            ("[]", "payload"), ("{", "payload"), ("null", "payload"),
            (#"{"ref":"\#(String(repeating: "r", count: 257))"}"#, "payload.ref"),
            (String(repeating: "[", count: 5000), "payload"),
        ])
    func payloads(payload: String, field: String) {
        let failure = scene(.deployProduction, payload).plan(VercelActions(transport: ScriptedTransport([:]))).failure
        #expect(failure?.code == .invalidArgument)
        #expect(failure?.field == field)
        #expect(failure?.reason == "PAYLOAD_INVALID")
    }

    @Test("a plan says what would be done, and viewers no branch and no repository")
    func plans() throws {
        let executor = VercelActions(transport: ScriptedTransport([:]))
        let plan = try scene(.deployProduction, #"{"ref":"secret-branch"}"#).plan(executor).get()
        #expect(plan.isSending)
        #expect(plan.words == OperationWords("Deploys secret-branch to production", generic: "Deploys to production"))
        let link = try scene(.link, #"{"repo":"acme/shop"}"#).plan(executor).get()
        #expect(link.words.full == "Links the project to acme/shop")
        #expect(!link.words.generic.contains("acme"))
        #expect(scene(.sync).plan(executor).failure?.code == .internal)
    }

    @Test("a repository is linked by name, and an app that is not installed is said to be lacking")
    func links() async {
        let script = script(.answer(Self.project))
        let scene = scene(.link, #"{"repo":"acme/shop"}"#)
        #expect(await scene.perform(VercelActions(transport: script)).done?.words.full == "Linked to acme/shop")
        #expect(script.requests.last?.body == Array(#"{"repo":"acme/shop","type":"github"}"#.utf8))
        script.script(
            Self.linkPath, .answer(VercelScene.refusal(400, #""code":"bad_request","message":"Install the app""#)))
        let refused = await scene.perform(VercelActions(transport: script))
        #expect(refused.failure?.reason == "APP_NOT_INSTALLED")
        #expect(refused.tells("install it"))
    }
}
