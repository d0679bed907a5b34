package import StatusCore
import StatusModel

extension SupabaseFindings {
    /// The findings as the result of a test of the connection: each part by its name.
    ///
    /// - Parameter target: What the link wants.
    /// - Returns: Words and a JSON object: `healthy`, `status`, `latency_ms` of the one probe, `services`, and `problem`.
    /// - Throws: what a read of the same findings throws.
    package func testResult(for target: SupabaseTarget) throws(ProviderFailure) -> ActionResult {
        var latency: Duration?
        if case .answered(let measured) = probe { latency = measured }
        let verdict = try verdict(for: target, samples: latency.map { [$0] } ?? [])
        var json: [String: JSONValue] = [
            "healthy": .bool(verdict.status == .connected), "status": .string(verdict.status.rawValue),
        ]
        if case .success(let health) = health {
            let states = target.services.map { ($0, JSONValue.string(health.state(of: $0).word)) }
            json["services"] = .object(Dictionary(states) { first, _ in first })
        }
        if let problem = verdict.problem { json["problem"] = .string(problem.code.rawValue) }
        // To the nearest millisecond, and never none at all.
        let milliseconds = latency.map { max(1, ($0.saturatedNanoseconds + 500_000) / 1_000_000) }
        json["latency_ms"] = milliseconds.map(JSONValue.integer)
        var words = verdict.words.joined(separator: " · ")
        if let milliseconds { words += " · \(milliseconds)ms" }
        let hint = { (text: String?) in text.map { ". \($0)" } ?? "" }
        let told = OperationWords(
            words + hint(verdict.problem?.hint), generic: words + hint(verdict.problem?.code.genericHint))
        return ActionResult(told, json: JSONValue.object(json).bytes ?? [])
    }
}

extension SupabaseHealth.State {
    fileprivate var word: String {
        switch self {
        case .healthy: "healthy"
        case .comingUp: "coming_up"
        case .unhealthy: "unhealthy"
        case .unknown: "unknown"
        }
    }
}
