import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import TestSupport
import Testing

@Suite("Services: reading one", .timeLimit(.minutes(1)))
struct ServiceProviderTests {
    @Test("a service that answers its check is connected, by one request")
    func healthy() async throws {
        let scene = ServiceScene(HTTPResponse(200, latency: .milliseconds(40)))
        let reading = try await scene.read()
        #expect(reading.key == .service("worker"))
        #expect(reading.status == StatusTimeline(.connected))
        #expect(reading.summary.parts == [.text("Healthy"), .measured("40ms avg")])
        #expect(reading.latencies == [.milliseconds(40)])
        #expect(reading.label == ResourceLabel(full: "worker.example.com", generic: "Service"))
        #expect(reading.problem == nil)
        #expect(scene.transport.paths == ["/health"])
    }

    @Test("a service that sleeps is a warning on the very first read")
    func asleep() async throws {
        let reading = try await ServiceScene(HTTPResponse(503)).readThroughPauses(2)
        #expect(reading.status == StatusTimeline(.warning))
        #expect(reading.problem?.code == .sleeping)
        #expect(reading.problem?.cause == .provider)
        #expect(reading.summary.parts == [.text("Asleep")])
        #expect(reading.latencies.isEmpty)
    }

    @Test("one that wakes within the read is connected, and a cold start is no news")
    func coldStart() async throws {
        let scene = ServiceScene(HTTPResponse(502), HTTPResponse(200, latency: .milliseconds(20)))
        let reading = try await scene.readThroughPauses(1)
        #expect(reading.status == StatusTimeline(.connected))
        #expect(reading.problem == nil)
        #expect(reading.summary.parts == [.text("Healthy"), .measured("20ms avg"), .measured("Cold start")])
    }

    @Test("silence of a service that was well is sleep at first, told since when")
    func fallsSilent() async throws {
        let scene = ServiceScene(["/health": [.failure(.timeout)]])
        let well = try await scene.wellReading()
        let asleep = try await scene.read(previous: well)
        #expect(asleep.status == StatusTimeline(.warning))
        #expect(asleep.problem?.code == .sleeping)
        let wellAt = ServiceScene.wall.advanced(by: .seconds(-60))
        #expect(asleep.summary.parts == [.text("Asleep"), .ago(label: "Last well", wellAt)])
        #expect(asleep.latencies == well.latencies)
        scene.time.advance(by: ServiceHistory.wakingMax)
        let failure = await scene.failure(previous: asleep)
        #expect(failure?.code == .timeout)
        #expect(failure?.disposition == .keepsLast)
    }

    @Test("an answer that fails the check is an error that says when it was well, and never what stood there")
    func failsCheck() async throws {
        var scene = ServiceScene(HTTPResponse(200, text: #"{"db":"PRIVATEBODY"}"#))
        scene.target.bodyChecks = [ServiceTarget.BodyCheck(pointer: "/db", expected: #""up""#)]
        let reading = try await scene.read(previous: try await scene.wellReading())
        #expect(reading.status == StatusTimeline(.error))
        #expect(reading.problem?.code == .misconfigured)
        #expect(
            reading.summary.parts == [
                .text("Unexpected body"), .ago(label: "Last well", ServiceScene.wall.advanced(by: .seconds(-60))),
            ])
        #expect(!"\(reading)".contains("PRIVATEBODY"))
    }

    @Test("the newest 32 latencies are kept, oldest first")
    func latencies() async throws {
        let scene = ServiceScene(HTTPResponse(200, latency: .milliseconds(7)))
        var reading: Reading?
        for _ in 0..<40 { reading = try await scene.read(previous: reading) }
        #expect(reading?.latencies == Array(repeating: .milliseconds(7), count: 32))
    }

    @Test("what is remembered of another address is forgotten")
    func otherAddress() async throws {
        var scene = ServiceScene(["/health": [.failure(.timeout)], "/other": [.failure(.timeout)]])
        let well = try await scene.wellReading()
        scene.target.url = "https://worker.example.com/other"
        #expect(await scene.failure(previous: well)?.code == .timeout)
    }

    @Test(
        "a memo that was tampered with is no harm", arguments: ["", "x", "-9223372036854775808", "9223372036854775807"])
    func hostileMemo(text: String) async throws {
        let scene = ServiceScene(["/health": [.failure(.timeout)]])
        var known = try await scene.wellReading()
        known.memo["well_at"] = text
        known.memo["silent_since"] = text
        _ = await scene.failure(previous: known)
    }

    @Test("Retry-After of a sleeping service is when it is asked again")
    func retryAfter() async throws {
        let scene = ServiceScene(HTTPResponse(503, ["Retry-After": "120"]))
        let reading = try await scene.read()
        #expect(reading.problem?.code == .sleeping)
        #expect(reading.notBefore == ServiceScene.wall.advanced(by: .seconds(120)))
        #expect(scene.transport.requests.count == 1)
    }
}

@Suite("Services: what is sent", .timeLimit(.minutes(1)))
struct ServiceRequestTests {
    @Test("the check carries its headers, the ping none of them")
    func headers() async throws {
        var scene = ServiceScene(["/wake": [.answer(HTTPResponse(204))], "/health": [.answer(HTTPResponse(200))]])
        scene.target.warmUpURL = "https://waker.example.com/wake"
        scene.target.method = "HEAD"
        scene.target.headers = ["X-Check": "1"]
        scene.secrets = ["Authorization": .success(Secret("Bearer \(ServiceScene.canary)"))]
        let reading = try await scene.read()
        let requests = scene.transport.requests
        #expect(requests.map(\.method) == ["GET", "HEAD"])
        #expect(requests.map { $0.headers["authorization"] } == [nil, "Bearer \(ServiceScene.canary)"])
        #expect(requests.map { $0.headers["x-check"] } == [nil, "1"])
        #expect(requests.allSatisfy { $0.headers["user-agent"] == "telltale" && $0.bodyBytesMax == 65_536 })
        #expect(!"\(reading)".contains("CANARY"))
    }

    @Test("a bare request goes before a check by POST, which is sent once")
    func post() async throws {
        var scene = ServiceScene(HTTPResponse(405), HTTPResponse(200))
        scene.target.method = "POST"
        #expect(try await scene.read().status == StatusTimeline(.connected))
        #expect(scene.transport.requests.map(\.method) == ["GET", "POST"])
    }

    @Test("each request has what is left of the read, which ends before the engine cuts it off")
    func timeLeft() async throws {
        let scene = ServiceScene(HTTPResponse(503))
        _ = try await scene.readThroughPauses(2)
        // 2.4 s at first; each pause takes 250 ms of it.
        let timeouts: [Duration] = [.milliseconds(800), .milliseconds(2150), .milliseconds(1900)]
        #expect(scene.transport.requests.map(\.totalTimeout) == timeouts)
    }

    @Test(
        "only a service that may be local is asked at any address", arguments: [(false, PeerRule.remote), (true, .any)])
    func peerRule(isLocalAllowed: Bool, rule: PeerRule) async throws {
        var scene = ServiceScene(HTTPResponse(200))
        scene.target.isLocalAllowed = isLocalAllowed
        _ = try await scene.read()
        #expect(scene.transport.requests.map(\.peerRule) == [rule])
    }

    @Test("a secret that cannot be read, or cannot stand in a header, is told without it")
    func secrets() async throws {
        let unreadable = ProviderFailure(code: .misconfigured, cause: .host, hint: "no file", disposition: .replaces)
        var scene = ServiceScene(HTTPResponse(200))
        scene.secrets = ["X-Key": .failure(unreadable)]
        #expect(await scene.failure() == unreadable)
        scene.secrets = ["X-Key": .success(Secret("\(ServiceScene.canary)\r\nHost: evil"))]
        let failure = await scene.failure()
        #expect(failure?.code == .misconfigured)
        #expect(failure?.cause == .host)
        #expect(failure?.hint.contains("X-Key") == true)
        #expect(failure?.hint.contains("CANARY") == false)
        #expect(scene.transport.requests.isEmpty)
    }

    @Test("a hint never holds the secret, whatever goes wrong", arguments: [401, 404, 429, 500, 502])
    func canary(status: Int) async throws {
        var scene = ServiceScene(HTTPResponse(status, ["Retry-After": "100"], text: ServiceScene.canary))
        scene.secrets = ["X-Key": .success(Secret(ServiceScene.canary))]
        do throws(ProviderFailure) {
            let reading = try await scene.read()
            #expect(!"\(reading)".contains("CANARY"))
        } catch {
            #expect(!"\(error)".contains("CANARY"))
        }
    }
}
