import StatusModel

/// How one deployment is built that somebody ordered: what it is at each age.
struct VercelBuild: Hashable, Sendable {
    static let endings: Set = ["READY", "ERROR", "CANCELED"]

    /// From its order to its end.
    var duration: Duration
    /// From there until production serves it.
    var liveAfter: Duration
    /// `READY`, `ERROR` or `CANCELED`.
    var ending: String

    /// It waits for a quarter of the time.
    var queueTime: Duration { duration / 4 }

    func standing(atAge age: Duration, isProduction: Bool) -> (state: String, substate: String?) {
        if age < queueTime { return ("QUEUED", nil) }
        if age < duration { return ("BUILDING", nil) }
        guard ending == "READY" else { return (ending, nil) }
        return ("READY", isProduction && age >= duration + liveAfter ? "PROMOTED" : "STAGED")
    }
}

/// How a project's deployments are built from now on.
struct VercelBuildOrder: Hashable, Sendable {
    var duration = Duration.seconds(2)
    var liveAfter = Duration.zero
    /// How the next one ends; those after it are fine.
    var next = "READY"
    /// How many more the plan allows; nil for as many as are wanted.
    var quota: Int?

    /// Takes the next one's.
    mutating func take() -> VercelBuild {
        let build = VercelBuild(duration: duration, liveAfter: liveAfter, ending: next)
        next = "READY"
        quota = quota.map { max(0, $0 - 1) }
        return build
    }
}

/// How a project's deployments are to be built; nil leaves a field as it is.
package struct VercelBuildsPatch: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case next, quota
        case duration = "duration_ms"
        case liveAfter = "live_after_ms"
    }

    /// How long a build takes, in milliseconds up to an hour; 2000 unless told. It waits for a quarter of that.
    package var duration: Int?
    /// How long after that production serves it, in milliseconds up to an hour; 0 unless told.
    package var liveAfter: Int?
    /// How the next one ends: `READY`, `ERROR` or `CANCELED`.
    package var next: String?
    /// How many more the plan allows, 0 to 1 000 000; one more is answered 402.
    package var quota: Int?

    package init(duration: Int? = nil, liveAfter: Int? = nil, next: String? = nil, quota: Int? = nil) {
        self.duration = duration
        self.liveAfter = liveAfter
        self.next = next
        self.quota = quota
    }
}
