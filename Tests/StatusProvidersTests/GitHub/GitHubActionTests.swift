import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("GitHub: what its actions send and make of the answer")
struct GitHubActionTests {
    private static let eventPath = "/repos/acme/shop/dispatches"
    private static let mergePath = "/repos/acme/shop/merge-upstream"
    private static let workflowPath = "/repos/acme/shop/actions/workflows/deploy.yml/dispatches"
    private static let noContent = ScriptedTransport.Step.answer(HTTPResponse(204))

    private func scene(_ action: IntegrationAction, _ payload: String = "") -> ActionScene {
        ActionScene(action, .github(GitHubTarget(owner: "acme", repository: "shop")), payload: payload)
    }

    private func executor(_ script: ScriptedTransport) -> GitHubActions {
        GitHubActions(transport: script, digest: GitHubScene.digest)
    }

    @Test("a push sends one event, its own when none is named")
    func push() async {
        let script = ScriptedTransport([Self.eventPath: [Self.noContent]])
        let plain = await scene(.push).perform(executor(script))
        #expect(plain.done?.words == OperationWords("Sent the event telltale", generic: "Sent an event"))
        let named = scene(.push, #"{"event_type":"deploy now","client_payload":{"n":1.5,"deep":[{"a":null}]}}"#)
        #expect(await named.perform(executor(script)).done != nil)
        #expect(script.requests.map(\.method) == ["POST", "POST"])
        #expect(
            script.requests.map { String(decoding: $0.body, as: UTF8.self) } == [
                #"{"event_type":"telltale"}"#,
                #"{"client_payload":{"deep":[{"a":null}],"n":1.5},"event_type":"deploy now"}"#,
            ])
        #expect(script.requests.allSatisfy { $0.redirectsMax == 0 && $0.headers["User-Agent"] == "telltale" })
    }

    @Test("a workflow runs on the ref that is named, or else on the default branch, which is asked for")
    func workflow() async {
        let script = ScriptedTransport([
            Self.workflowPath: [Self.noContent], "/repos/acme/shop": [.answer(GitHubScene.repository())],
        ])
        let named = scene(.push, #"{"workflow":"deploy.yml","ref":"next","inputs":{"level":"info"}}"#)
        #expect(await named.perform(executor(script)).done?.words.full == "Started the workflow")
        #expect(script.requests.last?.body == Array(#"{"inputs":{"level":"info"},"ref":"next"}"#.utf8))
        #expect(script.requests.count == 1)
        _ = await scene(.push, #"{"workflow":"deploy.yml"}"#).perform(executor(script))
        #expect(script.requests.last?.body == Array(#"{"ref":"main"}"#.utf8))
        #expect(script.paths.suffix(2) == ["/repos/acme/shop", Self.workflowPath])
    }

    @Test(
        "a fork takes over what upstream has, or has it already",
        arguments: [
            ("fast-forward", "Fast-forwarded from upstream"), ("merge", "Merged from upstream"),
            ("none", "Already up to date with upstream"),
        ])
    func sync(type: String, words: String) async {
        let answer = HTTPResponse(200, text: #"{"message":"-","merge_type":"\#(type)","base_branch":"up:main"}"#)
        let script = ScriptedTransport([Self.mergePath: [.answer(answer)]])
        let outcome = await scene(.sync, #"{"branch":"release/1"}"#).perform(executor(script))
        #expect(outcome.done?.words.full == words)
        #expect(outcome.done?.json == Array(#"{"branch":"release/1","merge_type":"\#(type)"}"#.utf8))
        #expect(script.requests.map { String(decoding: $0.body, as: UTF8.self) } == [#"{"branch":"release/1"}"#])
    }

    @Test("what the newest reading knows is used: the name after a rename, and the default branch, for this link alone")
    func known() async throws {
        let path = "/repos/acme/store/merge-upstream"
        let script = ScriptedTransport([path: [.failure(.connect)], Self.mergePath: [.failure(.connect)]])
        var scene = scene(.sync)
        let requests = try GitHubRequests(
            target: GitHubTarget(owner: "acme", repository: "shop"), secret: scene.call.secret, userAgent: "telltale")
        let store = try #require(GitHubRepositoryPath(owner: "acme", name: "store"))
        var record = GitHubRecord(
            validator: requests.validator(GitHubScene.digest),
            repository: GitHubRepository(path: store, isPrivate: true, defaultBranch: "trunk", pushedAt: nil),
            token: GitHubToken(HTTPHeaders()))
        (record.renamedTo, record.renamedAt) = (store, ActionScene.wall)
        var reading = Reading(
            key: .provider(.github), observedAt: scene.call.now, status: StatusTimeline(.connected),
            summary: Summary([]))
        reading.memo = record.memo
        scene.call.reading = reading
        _ = await scene.perform(executor(script))
        #expect(script.paths == [path])
        #expect(script.requests.last?.body == Array(#"{"branch":"trunk"}"#.utf8))

        // Another token has another repository in sight, perhaps.
        scene.call.secret = Secret("another")
        scene.call.payload = Array(#"{"branch":"main"}"#.utf8)
        _ = await scene.perform(executor(script))
        #expect(script.paths.last == Self.mergePath)
    }

    @Test("a pull sends nothing")
    func pull() async throws {
        let script = ScriptedTransport([:])
        #expect(try scene(.pull).plan(executor(script)).get().isSending == false)
        #expect(await scene(.pull).perform(executor(script)).done != nil)
        #expect(script.requests.isEmpty)
    }

    @Test(
        "a payload that is not what the action takes is refused with the member's name",
        arguments: [
            (IntegrationAction.push, #"{"event":"x"}"#, "payload.event"),
            (.push, #"{"event_type":""}"#, "payload.event_type"),
            (.push, #"{"event_type":"\#(String(repeating: "e", count: 101))"}"#, "payload.event_type"),
            (.push, #"{"client_payload":[]}"#, "payload.client_payload"),
            (
                .push, #"{"client_payload":{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1}}"#,
                "payload.client_payload"
            ),
            (.push, #"{"client_payload":{"n":1e999}}"#, "payload.client_payload"),
            (.push, #"{"ref":"main"}"#, "payload.ref"), (.push, #"{"inputs":{}}"#, "payload.inputs"),
            (.push, #"{"workflow":"a.yml","event_type":"x"}"#, "payload.event_type"),
            (.push, #"{"workflow":"../../hooks"}"#, "payload.workflow"),
            (.push, #"{"workflow":".."}"#, "payload.workflow"),
            (.push, #"{"workflow":-1}"#, "payload.workflow"), (.push, #"{"workflow":1.5}"#, "payload.workflow"),
            (.push, #"{"workflow":"a.yml","ref":"a b"}"#, "payload.ref"), (.sync, #"{"branch":7}"#, "payload.branch"),
            (.sync, #"{"branch":"\#(String(repeating: "b", count: 257))"}"#, "payload.branch"),
            (.pull, #"{"branch":"main"}"#, "payload.branch"), (.sync, "7", "payload"),
        ])
    func payloads(action: IntegrationAction, payload: String, field: String) {
        let failure = scene(action, payload).plan(executor(ScriptedTransport([:]))).failure
        #expect(failure?.code == .invalidArgument)
        #expect(failure?.field == field)
    }

    @Test("a plan names what would be done, and viewers read no name")
    func plans() throws {
        let executor = executor(ScriptedTransport([:]))
        for (action, payload, words) in [
            (IntegrationAction.push, #"{"event_type":"go"}"#, "Sends the event go to acme/shop"),
            (.push, #"{"workflow":42}"#, "Runs the workflow 42 of acme/shop"),
            (.sync, #"{"branch":"next"}"#, "Takes over upstream's changes to next of acme/shop"),
        ] {
            let plan = try scene(action, payload).plan(executor).get()
            #expect(plan.isSending)
            #expect(plan.words.full == words)
            #expect(["acme", "shop", "next", "42", "go "].allSatisfy { !plan.words.generic.contains($0) })
        }
        #expect(scene(.deployPreview).plan(executor).failure?.code == .internal)
    }
}
