import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("Vercel: what is read of its answers")
struct VercelDecodingTests {
    private func decoded(_ members: String) -> VercelDeployment? {
        VercelDeploymentList(json: Array("{\"deployments\":[{\(members)}]}".utf8))?.deployments.first
    }

    @Test("a deployment of a list says uid, one of a project says id; either is taken")
    func ids() {
        #expect(decoded(#""uid":"dpl_1","created":1757600000000"#)?.id == "dpl_1")
        #expect(decoded(#""id":"dpl_2","createdAt":1757600000000"#)?.id == "dpl_2")
    }

    @Test("times are milliseconds, with or without decimals, and what no clock can show is no time")
    func times() {
        let expected = UnixTime(seconds: 1_757_600_000)
        #expect(decoded(#""uid":"a","created":1757600000000"#)?.createdAt == expected)
        #expect(decoded(#""uid":"a","created":1757600000000.5"#)?.createdAt == expected)
        for time in ["-1", "9223372036854775807", "1e300", "\"2025\"", "null"] {
            #expect(decoded("\"uid\":\"a\",\"created\":\(time)") == nil)
        }
    }

    @Test(
        "the environment is the target's, null means preview, and a team's own goes by its slug",
        arguments: [
            (#""target":"production""#, VercelDeployment.Environment.production), (#""target":null"#, .preview),
            (#""source":"cli""#, .preview), (#""target":"preview""#, .preview),
            (#""target":"staging""#, .custom("staging")),
            (#""target":null,"customEnvironment":{"id":"env_1","slug":"qa"}"#, .custom("qa")),
            (#""target":"qa-id","customEnvironment":{"id":"env_1","slug":"qa"}"#, .custom("qa")),
            (#""target":"production","customEnvironment":null"#, .production),
            (#""target":null,"customEnvironment":{"id":"env_1","slug":"q\u0007a"}"#, .preview),
        ])
    func environments(members: String, environment: VercelDeployment.Environment) {
        #expect(decoded(#""uid":"a","created":1,"# + members)?.environment == environment)
    }

    @Test("a slug without end is cut")
    func longSlug() {
        let slug = String(repeating: "q", count: 500)
        let deployment = decoded(#""uid":"a","created":1,"customEnvironment":{"slug":"\#(slug)"}"#)
        #expect(deployment?.environment.name.utf8.count == VercelDeployment.slugBytesMax)
    }

    @Test("the newer key of the state goes first, and a state nobody knows is unknown")
    func states() {
        #expect(decoded(#""uid":"a","created":1,"state":"READY","readyState":"ERROR""#)?.state == .error)
        #expect(decoded(#""uid":"a","created":1,"state":"READY""#)?.state == .ready)
        #expect(decoded(#""uid":"a","created":1,"readyState":"LAUNCHED""#)?.state == .unknown)
        #expect(decoded(#""uid":"a","created":1,"readyState":7"#)?.state == .unknown)
        #expect(decoded(#""uid":"a","created":1,"readySubstate":"ORBITING""#)?.substate == .unknown)
    }

    @Test("a deployment that was deleted is not there")
    func deleted() {
        for sign in [#""readyState":"DELETED""#, #""deleted":1757600000000"#, #""deleted":true"#] {
            let list = VercelDeploymentList(
                json: Array("{\"deployments\":[{\"uid\":\"a\",\"created\":1,\(sign)}]}".utf8))
            #expect(list?.deployments.isEmpty == true)
        }
        #expect(decoded(#""uid":"a","created":1,"deleted":false"#) != nil)
    }

    @Test(
        "an address is a host, which gets its scheme; anything else is not shown",
        arguments: [
            (#""shop-1.vercel.app""#, "https://shop-1.vercel.app"),
            (#""https://shop.vercel.app""#, "https://shop.vercel.app"),
            (#""javascript:alert(1)""#, ""), (#""user@host""#, ""), (#""host/path""#, ""), ("null", ""), (#""""#, ""),
        ])
    func urls(host: String, url: String) {
        #expect(decoded(#""uid":"a","created":1,"url":\#(host)"#)?.url == url)
    }

    @Test("one malformed deployment costs itself; a list of nothing else is no list")
    func lossy() {
        let mixed = #"{"deployments":[{"uid":"a","created":1},7,{"uid":3},null]}"#
        #expect(VercelDeploymentList(json: Array(mixed.utf8))?.deployments.map(\.id) == ["a"])
        for body in [#"{"deployments":[7]}"#, #"{"deployments":{}}"#, "{}", "[]", "<html>", ""] {
            #expect(VercelDeploymentList(json: Array(body.utf8)) == nil)
        }
        #expect(VercelDeploymentList(json: Array(#"{"deployments":[],"pagination":null}"#.utf8))?.deployments == [])
    }

    @Test("a list longer than was asked for is cut")
    func longList() {
        let deployments = (0..<250).map { "{\"uid\":\"\($0)\",\"created\":\($0)}" }.joined(separator: ",")
        let list = VercelDeploymentList(json: Array("{\"deployments\":[\(deployments)]}".utf8))
        #expect(list?.deployments.count == VercelRequests.deploymentsMax)
        #expect(list?.isFull == true)
    }

    @Test("a project's name is shown only if it can be, and its targets may be missing or malformed")
    func project() {
        let project = VercelProject(json: Array(#"{"id":"prj_1","name":"shop\u001b[0m","targets":[]}"#.utf8))
        #expect(project == VercelProject(id: "prj_1"))
        #expect(VercelProject(json: Array(#"{"id":""}"#.utf8))?.id == nil)
        #expect(VercelProject(json: Array("[]".utf8)) == nil)
    }

    @Test("the budget is read where limit, share and reset go together, and counts as absent elsewhere")
    func budget() {
        func budget(_ limit: String, _ remaining: String, _ reset: String) -> RateBudget? {
            RateBudget(
                vercel: [
                    "X-RateLimit-Limit": limit, "X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": reset,
                ], now: VercelScene.wall)
        }
        #expect(
            budget("500", "497", "1757600460")
                == RateBudget(limit: 500, remaining: 497, resetsAt: UnixTime(seconds: 1_757_600_460)))
        #expect(budget("500", "501", "1757600460") == nil)
        #expect(budget("0", "0", "1757600460") == nil)
        #expect(budget("500", "497", "60") == nil)
        #expect(budget("500", "497", "1757600460000") == nil)
        #expect(budget("many", "497", "1757600460") == nil)
    }
}
