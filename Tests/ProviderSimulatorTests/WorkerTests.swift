import ProviderSimulator
import TestSupport
import Testing

@Suite("Played HTTP workers", .timeLimit(.minutes(1)))
struct WorkerTests {
    let rig: Rig

    init() throws { rig = try Rig() }

    @Test("the example's worker is well at its check, and nowhere else")
    func awake() {
        let reply = rig.client.send("/services/worker/health")
        #expect(reply.status == 200)
        #expect(JSON(reply)["status"] == .string("ok"))
        #expect(JSON(reply)["checks"][0]["ok"] == .bool(true))
        #expect(rig.client.send("/services/worker").status == 200)
        #expect(rig.client.send("/services/worker/nope").status == 404)
        #expect(rig.client.send("/services/nobody/health").status == 404)
        #expect(rig.client.send("DELETE", "/services/worker/health")["allow"] == "GET, HEAD, POST")
        #expect(rig.simulator.requests.byProvider == ["services": 5])
    }

    @Test("the example's nightly sleeps for good, as its platform says in a page")
    func asleep() {
        for _ in 0..<5 {
            let reply = rig.client.send("/services/nightly/health")
            #expect(reply.status == 503)
            #expect(reply["content-type"]?.hasPrefix("text/html") == true)
            #expect(reply["retry-after"] == nil)
            #expect(reply.text.contains("sleeping"))
        }
    }

    @Test("a sleeper is woken by so many requests")
    func wakes() throws {
        try rig.simulator.services.setWorker("nightly", WorkerPatch(.asleep, wakesAfter: 2, retryAfter: 7))
        let replies = (0..<3).map { _ in rig.client.send("/services/nightly/health") }
        #expect(replies.map(\.status) == [503, 503, 200])
        #expect(replies[0]["retry-after"] == "7")
    }

    @Test("a cold worker fails once with the status it is told")
    func cold() throws {
        try rig.simulator.services.setWorker("w", WorkerPatch(.cold, status: 502))
        #expect((0..<2).map { _ in rig.client.send("/services/w/health").status } == [502, 200])
    }

    @Test("a protected worker opens to its token alone")
    func protected() throws {
        try rig.simulator.services.setWorker("w", WorkerPatch(.protected))
        #expect(rig.client.send("/services/w/health", token: "t").status == 401)
        try rig.simulator.services.setWorker("w", WorkerPatch(token: "t"))
        #expect(rig.client.send("/services/w/health", token: "t").status == 200)
        #expect(rig.client.send("/services/w/health", token: "u")["www-authenticate"]?.hasPrefix("Bearer") == true)
    }

    @Test("a failing worker answers 500, and a wrong one something else")
    func states() throws {
        try rig.simulator.services.setWorker("w", WorkerPatch(.failing))
        #expect(rig.client.send("/services/w/health").status == 500)
        try rig.simulator.services.setWorker("w", WorkerPatch(.wrong))
        let reply = rig.client.send("/services/w/health")
        #expect(reply.status == 200)
        #expect(JSON(reply)["status"] == .missing)
    }

    @Test("workers are set and taken away over HTTP, and the state tells them without their tokens")
    func control() {
        let made = rig.client.send(
            "PUT", "/_sim/services/w", body: #"{"state":"protected","token":"s3cret","delay_ms":0}"#)
        #expect(made.status == 200)
        #expect(JSON(made)["workers"][1]["state"] == .string("protected"))
        #expect(!rig.client.send("/_sim/state").text.contains("s3cret"))
        #expect(rig.client.send("DELETE", "/_sim/services/w").status == 200)
        #expect(rig.client.send("DELETE", "/_sim/services/w").status == 404)
    }

    @Test(
        "a patch that makes no sense is refused in words",
        arguments: [
            #"{"state":"dreaming"}"#, #"{"stat":"awake"}"#, #"{"status":200}"#, #"{"delay_ms":-1}"#,
            #"{"token":"a b"}"#,
        ])
    func refused(body: String) {
        let reply = rig.client.send("PUT", "/_sim/services/w", body: body)
        #expect(reply.status == 400)
        #expect(JSON(reply)["error"].string?.isEmpty == false)
    }

    @Test("a fault can be aimed at the services alone")
    func faults() throws {
        try rig.simulator.inject(Fault(.status(502), provider: .services))
        #expect(rig.client.send("/services/worker/health").status == 502)
        #expect(rig.shop().status == 200)
    }
}
