import ProviderSimulator
import StatusModel
import TestSupport
import Testing

@Suite("Faults as a client sees them", .timeLimit(.minutes(1)))
struct FaultTests {
    let rig: Rig

    init() throws { rig = try Rig() }

    @Test("a status is overridden so many times, in the provider's own words")
    func status() throws {
        try rig.simulator.inject(Fault(.status(503, retryAfter: 7), count: 2))
        for _ in 1...2 {
            let reply = rig.shop()
            #expect(reply.status == 503)
            #expect(reply["retry-after"] == "7")
            #expect(JSON(reply)["error"] == .string("Server Error"))
        }
        #expect(rig.shop().status == 200)
    }

    @Test("a fault without a count holds until it is cleared")
    func untilCleared() throws {
        let id = try rig.simulator.inject(Fault(.status(500)))
        #expect((1...5).allSatisfy { _ in rig.shop().status == 500 })
        #expect(rig.simulator.clearFault(id))
        #expect(!rig.simulator.clearFault(id))
        #expect(rig.shop().status == 200)
    }

    @Test("a fault strikes only the path and the provider that it is aimed at")
    func aim() throws {
        try rig.simulator.inject(Fault(.status(500), provider: .github, pathPrefix: "/repos/acme"))
        try rig.simulator.inject(Fault(.status(501), provider: .vercel))
        #expect(rig.shop().status == 500)
        #expect(rig.client.send("/rate_limit").status == 200)
    }

    @Test("an answer without a body stays without one", arguments: [204, 304])
    func bodiless(status: Int) throws {
        try rig.simulator.inject(Fault(.status(status)))
        let reply = rig.shop()
        #expect(reply.status == status)
        #expect(reply.body.isEmpty)
    }

    @Test("latency holds an answer back, and goes together with another fault")
    func latency() throws {
        try rig.simulator.inject(Fault(.latency(.milliseconds(30), jitter: .milliseconds(5))))
        try rig.simulator.inject(Fault(.status(500), count: 1))
        let clock = ContinuousClock()
        var status = 0
        #expect(clock.measure { status = rig.shop().status } >= .milliseconds(30))
        #expect(status == 500)
        #expect(clock.measure { status = rig.shop().status } >= .milliseconds(30))
        #expect(status == 200)
    }

    @Test("steady latency is drawn once for each provider and place, and stays within its bounds")
    func steadyLatency() throws {
        let fault = Fault(.latency(.milliseconds(50), jitter: .milliseconds(850), isSteady: true))
        let delays = (0..<200).flatMap { place in
            [SimulatedPart.github, .vercel].compactMap { fault.steadyDelay(of: $0, at: "p\(place)") }
        }
        #expect(delays.allSatisfy { (.milliseconds(50)...(.milliseconds(900))).contains($0) })
        // 400 draws from 851 whole milliseconds: about 320 of them differ, and they fill the range.
        #expect(Set(delays).count > 250)
        #expect((delays.min() ?? .zero) < .milliseconds(100) && (delays.max() ?? .zero) > .milliseconds(850))
        #expect(Fault(.latency(.milliseconds(50))).steadyDelay(of: .github, at: "p1") == nil)
    }

    @Test("steady latency holds back what is asked for at its place")
    func steadyPlace() throws {
        let fault = Fault(.latency(.zero, jitter: .milliseconds(200), isSteady: true))
        try rig.simulator.inject(fault)
        let delays = (0..<20).map { ("p\($0)", fault.steadyDelay(of: .github, at: "p\($0)") ?? .zero) }
        let slowest = try #require(delays.max { $0.1 < $1.1 })
        #expect(slowest.1 > .milliseconds(100))
        #expect(ContinuousClock().measure { _ = rig.client.send("/at/\(slowest.0)/rate_limit") } >= slowest.1)
    }

    @Test("what is asked for at a place is what is asked for without one")
    func places() {
        #expect(rig.client.send("/at/p1/repos/acme/shop", token: "sim-token").body == rig.shop().body)
        #expect(rig.simulator.requests.count(pathPrefix: "/repos/acme/shop") == 2)
        #expect(rig.client.send("/at/p1").status == 404)
        #expect(rig.client.send("/at//repos/acme/shop").status == 404)
        #expect(rig.client.send("/at/p1/_sim/health").status == 200)
    }

    @Test("a hanging answer ends for the client when the server stops, and holds up nobody else")
    func hang() async throws {
        try rig.simulator.inject(Fault(.hang, count: 1))
        let client = rig.client
        async let hanging = onItsOwnThread { client.send("/repos/acme/shop") }
        await rig.simulator.waitForRequests(1)
        #expect(rig.shop().status == 200)
        #expect(rig.simulator.requests.inFlight == 1)
        rig.server.stop()
        let reply = await hanging
        #expect(reply.bytes.isEmpty)
        #expect(rig.simulator.requests.inFlight == 0)
    }

    @Test("a slow drip sends the head at once, and then a byte at a time")
    func drip() throws {
        try rig.simulator.inject(Fault(.drip(interval: .seconds(600)), count: 1))
        let reply = rig.client.send("GET", "/repos/acme/shop", leaveAfter: 1)
        #expect(reply.status == 200)
        #expect(reply.body.count <= 1)
        let length = reply["content-length"].flatMap { Int($0) } ?? 0
        #expect(length > 1)
        try rig.simulator.inject(Fault(.drip(interval: .zero), count: 1))
        let whole = rig.client.send("/repos/acme/shop")
        #expect(whole.body.count == length)
        #expect(JSON(whole)["full_name"] == .string("acme/shop"))
    }

    @Test("a reset comes before the first byte, or amid the body")
    func reset() throws {
        try rig.simulator.inject(Fault(.reset(), count: 1))
        let before = rig.shop()
        #expect(before.ending == .reset)
        #expect(before.bytes.isEmpty)
        try rig.simulator.inject(Fault(.reset(afterBodyBytes: 20), count: 1))
        let amid = rig.shop()
        #expect(amid.ending == .reset)
        #expect(amid.status == 200)
        #expect(amid.body.count == 20)
    }

    @Test("a truncated answer ends in order, short of what it promised")
    func truncated() throws {
        try rig.simulator.inject(Fault(.truncated))
        let reply = rig.shop()
        #expect(reply.ending == .closed)
        #expect(reply.body.count == (reply["content-length"].flatMap { Int($0) } ?? 0) / 2)
    }

    @Test("a malformed body has its right length and type, and is no JSON")
    func malformed() throws {
        try rig.simulator.inject(Fault(.malformed))
        let reply = rig.shop()
        #expect(reply.status == 200)
        #expect(reply["content-length"] == String(reply.body.count))
        #expect(reply["content-type"]?.hasPrefix("application/json") == true)
        #expect(JSON(reply) == .missing)
    }

    @Test("a web page, an empty body and another media type come as they were ordered")
    func bodies() throws {
        try rig.simulator.inject(Fault(.html(), count: 1))
        let page = rig.shop()
        #expect(page.status == 502)
        #expect(page["content-type"]?.hasPrefix("text/html") == true)
        #expect(page.text.hasPrefix("<!DOCTYPE html>"))
        try rig.simulator.inject(Fault(.empty, count: 1))
        let empty = rig.shop()
        #expect(empty.status == 200)
        #expect(empty.body.isEmpty)
        try rig.simulator.inject(Fault(.contentType("text/plain"), count: 1))
        let plain = rig.shop()
        #expect(plain["content-type"] == "text/plain")
        #expect(JSON(plain)["full_name"] == .string("acme/shop"))
    }

    @Test("a huge body keeps coming until the client has had enough")
    func huge() throws {
        try rig.simulator.inject(Fault(.huge(bytes: 1 << 30)))
        let reply = rig.client.send("GET", "/repos/acme/shop", leaveAfter: 1 << 20)
        #expect(reply.ending == .left)
        #expect(reply["content-length"] == String(1 << 30))
        #expect(reply.body.allSatisfy { $0 == UInt8(ascii: " ") })
        try rig.simulator.inject(Fault(.huge(bytes: 100_001), pathPrefix: "/rate", count: 1))
        rig.simulator.clearFaults()
        try rig.simulator.inject(Fault(.huge(bytes: 100_001)))
        #expect(rig.shop().body.count == 100_001)
    }

    @Test("garbage is no HTTP")
    func garbage() throws {
        try rig.simulator.inject(Fault(.garbage))
        let reply = rig.shop()
        #expect(reply.status == 0)
        #expect(!reply.bytes.isEmpty)
    }

    @Test("a spoilt answer is never 304: there would be no body to spoil")
    func unconditional() throws {
        let tag = rig.shop()["etag"] ?? ""
        try rig.simulator.inject(Fault(.malformed, count: 1))
        #expect(rig.shop(headers: ["if-none-match": tag]).status == 200)
        #expect(rig.simulator.requests.conditionalHits == 0)
        #expect(rig.shop(headers: ["if-none-match": tag]).status == 304)
    }

    @Test("no more than 64 faults are in force at once")
    func bound() throws {
        for _ in 1...64 { try rig.simulator.inject(Fault(.hang, pathPrefix: "/none")) }
        #expect(throws: ControlError.self) { try rig.simulator.inject(Fault(.hang)) }
        #expect(rig.shop().status == 200)
    }
}
