import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("Vercel: how far a deployment is")
struct VercelDeployProgressTests {
    private static let now = ActionScene.wall
    private static let createdAt = now.advanced(by: .seconds(-40))

    private func step(_ members: String, isProduction: Bool = true, age: Int64 = 40) throws -> ActionStep {
        let created = (Self.now.seconds - age) * 1000
        let answer = try #require(
            VercelDeploymentAnswer(
                json: Array(#"{"id":"dpl_1","url":"shop-1.vercel.app","createdAt":\#(created),\#(members)}"#.utf8)))
        return VercelDeployProgress.step(
            answer, isProduction: isProduction, hiding: Secret(ActionScene.canary), now: Self.now)
    }

    private static func milestone(_ kind: String, _ message: String) -> Milestone {
        Milestone(kind: kind, at: createdAt, message: message, subject: "dpl_1")
    }

    private static let started = milestone(EventKind.deployStarted, "Production deployment started")

    @Test(
        "while it is on its way it is followed, and its begin is told",
        arguments: [
            (#""readyState":"QUEUED""#, "Queued"), (#""readyState":"INITIALIZING""#, "Building"),
            (#""readyState":"BUILDING""#, "Building"), (#""status":"BUILDING""#, "Building"),
            (#""readyState":"NEW_WORD""#, "In a state that is not known here"),
            (#""readyState":"READY","aliasAssigned":null"#, "Built, going live"),
            (#""readyState":"READY","readySubstate":"STAGED","aliasAssigned":1757600399000"#, "Built, going live"),
        ])
    func working(members: String, words: String) throws {
        #expect(
            try step(members)
                == .working(
                    handle: "dpl_1", OperationWords(words), milestones: [Self.started], pause: .seconds(4)))
    }

    @Test(
        "it is done once production serves it, by either of Vercel's signs",
        arguments: [
            #""aliasAssigned":1757600399000"#, #""aliasAssigned":true"#, #""readySubstate":"PROMOTED""#,
        ])
    func live(members: String) throws {
        let finished = Self.milestone(EventKind.deployFinished, "Production deployed")
        #expect(
            try step(#""readyState":"READY",\#(members)"#)
                == .done(
                    ActionResult(
                        OperationWords("Live"),
                        json: Array(
                            #"{"id":"dpl_1","readyState":"READY","url":"https://shop-1.vercel.app"}"#.utf8),
                        milestones: [Self.started, finished])))
    }

    @Test("what is built and does not go live is waited for, but not for ever, and is not told to be deployed")
    func staged() throws {
        let ready = { (ago: Int64) in
            #""readyState":"READY","readySubstate":"STAGED","ready":\#((Self.now.seconds - ago) * 1000)"#
        }
        guard case .working = try step(ready(119), age: 400) else {
            Issue.record("it is not waited for")
            return
        }
        guard case .done(let result) = try step(ready(120), age: 400) else {
            Issue.record("it is waited for still")
            return
        }
        #expect(result.words.full.contains("promote"))
        #expect(result.milestones.map(\.kind) == [EventKind.deployStarted])
    }

    @Test("a preview is done when it is built, and is no milestone")
    func preview() throws {
        guard case .done(let result) = try step(#""readyState":"READY""#, isProduction: false) else {
            Issue.record("it is not done")
            return
        }
        #expect(result.milestones.isEmpty)
        guard case .working(_, _, let milestones, _) = try step(#""readyState":"QUEUED""#, isProduction: false) else {
            Issue.record("it is not followed")
            return
        }
        #expect(milestones.isEmpty)
    }

    @Test(
        "one that fails says why, as far as that can be shown, and viewers read no more than its code",
        arguments: [
            ("ERROR", #""errorCode":"BUILD_FAILED","errorMessage":"exit 1 in acme/shop""#, "DEPLOYMENT_FAILED", true),
            ("ERROR", #""errorCode":"a b","errorMessage":"\u001b]0;x""#, "DEPLOYMENT_FAILED", false),
            ("ERROR", #""errorMessage":"\#(ActionScene.canary)""#, "DEPLOYMENT_FAILED", false),
            ("CANCELED", #""errorCode":null"#, "DEPLOYMENT_CANCELED", false),
            ("BLOCKED", #""errorCode":7"#, "DEPLOYMENT_BLOCKED", false),
            ("DELETED", #""errorCode":"""#, "DEPLOYMENT_DELETED", false),
        ])
    func failed(state: String, members: String, reason: String, tellsWhy: Bool) throws {
        let finished = Self.milestone(EventKind.deployFinished, "Production deployment failed")
        guard case .failed(let failure, let milestones) = try step(#""readyState":"\#(state)",\#(members)"#) else {
            Issue.record("it has not failed")
            return
        }
        #expect(failure.reason == reason)
        #expect(milestones == [Self.started, finished])
        #expect(failure.message.full.contains("exit 1 in acme/shop.") == tellsWhy)
        #expect(failure.message.full.contains("(BUILD_FAILED)") == tellsWhy)
        #expect(!failure.message.generic.contains("acme"))
        #expect(!failure.message.full.contains(ActionScene.canary))
        #expect(failure.message.full.isPrintable)
    }

    @Test(
        "it is looked at every 2 s at first, and every 10 s once it is old",
        arguments: [(0, 2), (20, 2), (50, 5), (3600, 10)])
    func pauses(age: Int, pause: Int) {
        #expect(VercelDeployProgress.pause(atAge: .seconds(age)) == .seconds(pause))
    }
}
