import HTTPClient
package import StatusCore
package import StatusModel

/// How a service is, by what it answered.
package struct ServiceVerdict: Hashable, Sendable {
    package var status: ConnectionState
    /// A few words for the summary, free of what a viewer may not read.
    package var words: String
    package var problem: ReadingProblem?
    /// Whether there was no sign of life.
    package var isSilent = false
    /// When its platform wants to be asked again, if it said so.
    package var retryAfter: UnixTime?

    package init(_ status: ConnectionState, _ words: String, problem: ReadingProblem? = nil) {
        self.status = status
        self.words = words
        self.problem = problem
    }

    /// Whether the check was passed, if slowly or with a warning.
    package var isPassed: Bool { status != .error && !isSilent }
}

extension ServiceVerdict {
    /// The verdict as a reading of that moment.
    package func reading(
        of target: ServiceTarget, after outcome: ServiceOutcome, history: ServiceHistory, at now: Moment
    ) -> Reading {
        var history = history
        var isColdStart = false
        if isSilent {
            history.noteSilence(now: now.wall)
        } else if isPassed, case .answered(let response, let isCold) = outcome {
            history.noteWell(latency: response.latency, now: now.wall)
            isColdStart = isCold
        } else {
            history.noteAnswer()
        }
        var reading = Reading(
            key: .service(target.name), observedAt: now, status: StatusTimeline(status),
            summary: summary(history, isColdStart: isColdStart))
        reading.label = ResourceLabel(full: target.host, generic: "Service")
        reading.problem = problem
        reading.latencies = history.latencies
        reading.notBefore = retryAfter
        reading.memo = history.memo
        return reading
    }

    private func summary(_ history: ServiceHistory, isColdStart: Bool) -> Summary {
        var parts: [Summary.Part] = [.text(words)]
        if isPassed {
            if let average = history.average { parts.append(.measured(average)) }
            if isColdStart { parts.append(.measured("Cold start")) }
        } else if let wellAt = history.wellAt {
            parts.append(.ago(label: "Last well", wellAt))
        }
        return Summary(parts)
    }
}

extension ServiceTarget {
    /// The host of its address; its name when the address is none.
    fileprivate var host: String {
        guard let address = try? HTTPURL(url) else { return name }
        return address.host
    }
}
