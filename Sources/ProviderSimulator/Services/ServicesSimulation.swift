package import StatusModel

/// HTTP workers by name, each below `/services/NAME`: `/health`, `/ping` and the name itself answer, nothing else does.
package struct ServicesSimulation: SimulatedProvider {
    static let workersMax = 256
    static let nameLengthMax = 128

    package static let key = SimulatedPart.services

    private var workers: [String: SimulatedWorker] = [:]

    package static func claims(_ request: SimulatedRequest) -> Bool { request.segments.first == key.rawValue }

    package static func failure(status: Int) -> SimulatedAnswer { .json(status, ["error": "simulated failure"]) }

    package mutating func answer(_ request: SimulatedRequest, now: UnixTime) -> SimulatedAnswer {
        let path = Array(request.segments.dropFirst())
        guard let name = path.first, var worker = workers[name] else {
            return .json(404, ["error": "no such application"])
        }
        var answer = worker.answer(request, path: Array(path.dropFirst()), name: name)
        workers[name] = worker
        answer.headers["date"] = TimeText.http(now)
        return answer
    }

    /// Makes or changes a worker; a new one is awake.
    mutating func setWorker(_ name: String, _ patch: WorkerPatch) throws(ControlError) {
        guard (1...Self.nameLengthMax).contains(name.utf8.count), name.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw ControlError(400, "a worker's name has 1 to \(Self.nameLengthMax) printable ASCII characters") }
        guard workers[name] != nil || workers.count < Self.workersMax else {
            throw ControlError(409, "there are \(Self.workersMax) workers already; change one of them")
        }
        var worker = workers[name] ?? SimulatedWorker()
        try worker.apply(patch)
        workers[name] = worker
    }

    mutating func removeWorker(_ name: String) throws(ControlError) {
        guard workers.removeValue(forKey: name) != nil else {
            throw ControlError(404, "no worker is named \(quoted(name)); see GET /_sim/state")
        }
    }
}

/// The control interface.
extension ServicesSimulation {
    /// What `GET /_sim/state` tells.
    package struct Summary: Encodable, Sendable {
        struct Worker: Encodable, Sendable {
            var name: String
            var state: String
        }

        var workers: [Worker]
    }

    package func summary(now: UnixTime) -> Summary {
        Summary(
            workers: workers.sorted { $0.key < $1.key }.map { .init(name: $0.key, state: $0.value.state.rawValue) })
    }

    package mutating func control(
        _ request: SimulatedRequest, path: [String], now: UnixTime
    ) throws(ControlError) -> SimulatedAnswer {
        switch (request.method, path.count) {
        case ("PUT", 1): try setWorker(path[0], try .decoded(from: request))
        case ("DELETE", 1): try removeWorker(path[0])
        default: throw ControlError(404, "no such command; below /_sim/services there are: PUT and DELETE {name}")
        }
        return .json(200, summary(now: now))
    }

    /// What the program plays from the start: `worker`, which is fine, and `nightly`, which sleeps until it is woken.
    static func example() throws(ControlError) -> Self {
        var example = Self()
        try example.setWorker("worker", WorkerPatch())
        try example.setWorker("nightly", WorkerPatch(.asleep))
        return example
    }
}
