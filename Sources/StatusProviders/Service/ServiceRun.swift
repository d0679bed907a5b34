package import HTTPClient
package import StatusCore
package import StatusModel

/// A run of checks on one service, as its results come in: pure, and told at the end.
///
/// The run is made whatever its checks find, so a failed check is a word of its report and no failure of the action.
package struct ServiceRun: Sendable {
    /// Checks of diagnostics, after the warm-up.
    package static let diagnosticsChecks = 5

    private let kind: RunKind
    private let target: ServiceTarget
    private let expectations: ServiceExpectations
    package private(set) var results: [RunResult] = []

    package init(_ kind: RunKind, _ target: ServiceTarget, expectations: ServiceExpectations) {
        self.kind = kind
        self.target = target
        self.expectations = expectations
    }

    /// How many checks it makes.
    package var checks: Int { kind == .diagnostics ? Self.diagnosticsChecks : 1 }

    /// The bare request that wakes the service has ended.
    package mutating func note(warmUp result: Result<HTTPResponse, HTTPClientError>, now: Moment) {
        switch result {
        case .success(let response):
            add("warm-up", Self.isAwake(response), response.latency, "Answered HTTP \(response.status)")
        case .failure(let error): add("warm-up", error, now: now)
        }
    }

    /// A check has ended, and is judged by all its expectations.
    package mutating func note(check result: Result<HTTPResponse, HTTPClientError>, now: Moment) {
        let name = checks == 1 ? "check" : "check \(results.count { $0.name.hasPrefix("check") } + 1)"
        switch result {
        case .failure(let error): add(name, error, now: now)
        case .success(let response):
            do throws(ProviderFailure) {
                let verdict = try ServiceClassifier.verdict(
                    on: .answered(response, isColdStart: false), of: target, expectations: expectations,
                    history: ServiceHistory(validator: ""), now: now)
                add(name, verdict.isPassed, response.latency, verdict.problem?.hint ?? verdict.words)
            } catch {
                add(name, false, response.latency, error.hint)
            }
        }
    }

    /// What it came to.
    ///
    /// - Parameters:
    ///   - call: Whose operation it is, by whose name the run is known.
    ///   - now: When it ended.
    /// - Returns: The action's end, with the report.
    package func result(of call: ActionCall, endedAt now: UnixTime) -> ActionResult {
        let failed = results.count { !$0.passed }
        let noun = results.count == 1 ? "check" : "checks"
        let words =
            failed == 0
            ? "\(results.count) of \(results.count) \(noun) passed" : "\(failed) of \(results.count) \(noun) failed"
        let json = JSONValue.object([
            "passed": .integer(Int64(results.count - failed)), "failed": .integer(Int64(failed)),
            "checks": .array(results.map(\.json)),
        ])
        let report = RunReport(
            projectID: call.item.project, kind: kind, results: results, endedAt: now, runID: call.operationID)
        return ActionResult(OperationWords(words), json: json.bytes ?? [], report: report)
    }

    /// Whether the service itself answers, and not its platform in its place (SPEC §4). One that says how it is, as many do
    /// with a 503, is up.
    package static func isAwake(_ response: HTTPResponse) -> Bool {
        ![408, 502, 503, 504].contains(response.status) || ServiceSelfReport(response) != nil
    }

    private mutating func add(_ name: String, _ error: HTTPClientError, now: Moment) {
        add(name, false, nil, TransportFailure.classify(error, provider: target.name, now: now).hint)
    }

    private mutating func add(_ name: String, _ passed: Bool, _ latency: Duration?, _ message: String) {
        let latency = latency.map { min(max($0, .zero), RunResult.latencyMax) }
        results.append(
            RunResult(name: name, key: .service(target.name), passed: passed, latency: latency, message: message))
    }
}

extension RunResult {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(name), "passed": .bool(passed), "message": .string(message),
        ]
        members["latency_ms"] = latency.map { .integer(max(1, ($0.saturatedNanoseconds + 500_000) / 1_000_000)) }
        return .object(members)
    }
}
