import Locks
import ProviderSimulator
import Synchronization
import Testing

@Suite("The server itself", .timeLimit(.minutes(1)))
struct SimulatorServerTests {
    @Test("a port in use is told in a sentence")
    func portInUse() throws {
        let rig = try Rig()
        let port = rig.server.port
        let error = #expect(throws: SimulatorServer.StartError.self) {
            _ = try SimulatorServer(simulator: rig.simulator, port: port)
        }
        #expect(error?.isPortTaken == true)
        #expect(error?.description == "port \(port) is in use; choose another, or 0 for any that is free")
    }

    @Test("a stopped server answers no more, and may be stopped again")
    func stop() throws {
        let rig = try Rig()
        #expect(rig.shop().status == 200)
        rig.server.stop()
        rig.server.stop()
        #expect(rig.shop().status == 0)
    }

    @Test("the same port can be opened again at once")
    func restart() throws {
        let rig = try Rig()
        let port = rig.server.port
        _ = rig.shop()
        rig.server.stop()
        let again = try SimulatorServer(simulator: rig.simulator, port: port)
        #expect(again.port == port)
        #expect(rig.shop().status == 200)
    }

    @Test("a request is logged in one line, without its query and without control characters")
    func log() throws {
        let lines = Lock<[String]>([])
        let simulator = Simulator()
        let server = try SimulatorServer(simulator: simulator) { line in lines.withLock { $0.append(line) } }
        let client = RawClient(port: server.port)
        try simulator.inject(Fault(.truncated, pathPrefix: "/user"))
        _ = client.send("/repos/acme/none?token=secret")
        _ = client.send("/user")
        _ = client.send("/repos/a\u{1B}[31m")
        #expect(
            lines.withLock { $0 } == [
                "GET /repos/acme/none 404", "GET /user - fault=truncated", "GET /repos/a?[31m 404",
            ])
    }

    @Test("many clients at once are all answered, and each is counted")
    func manyClients() async throws {
        let rig = try Rig()
        let client = rig.client
        let answered = await withTaskGroup(of: Int.self) { group in
            for _ in 1...8 {
                group.addTask {
                    (1...25).reduce(0) { sum, _ in sum + (client.send("/repos/acme/shop").status == 0 ? 0 : 1) }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(answered == 200)
        #expect(rig.simulator.requests.total == 200)
        #expect(rig.simulator.requests.inFlight == 0)
        #expect((1...8).contains(rig.simulator.requests.maxConcurrent))
    }

    @Test("one connection carries many requests")
    func keepAlive() throws {
        let rig = try Rig()
        let one = "GET /rate_limit HTTP/1.1\r\nhost: x\r\nuser-agent: x\r\n\r\n"
        let last = "GET /rate_limit HTTP/1.1\r\nhost: x\r\nuser-agent: x\r\nconnection: close\r\n\r\n"
        let reply = rig.client.exchange(Array((one + one + last).utf8))
        #expect(reply.text.split(separator: "HTTP/1.1 200 OK").count == 3)
        #expect(rig.simulator.requests.total == 3)
    }

    @Test("HEAD is GET without the body")
    func head() throws {
        let rig = try Rig()
        let reply = rig.client.send("HEAD", "/repos/acme/shop", token: "sim-token")
        #expect(reply.status == 200)
        #expect(reply.body.isEmpty)
        #expect(reply["etag"]?.isEmpty == false)
    }
}
